/* All pairs of some rows by dtaidistance's C, behind one function: its settings and blocks change from version to version.
   bench/peers.sh compiles it beside the sources that DTAIDISTANCE_SOURCE names. */
#include "dd_dtw.h"

/* The distances of the rows from `first` to before `last` with all rows after each, row by row.
   window counts the diagonal, as dtaidistance does: 1 is the pointwise distance, 0 is no window. */
void peer_distances(double *rows, ssize_t count, ssize_t length, ssize_t window, ssize_t first, ssize_t last, double *distances)
{
    DTWSettings settings = dtw_settings_default();
    DTWBlock block = dtw_block_empty();
    settings.window = window;
    block.rb = first;
    block.re = last;
    block.cb = 0;
    block.ce = count;
    dtw_distances_matrix(rows, count, length, distances, &block, &settings);
}
