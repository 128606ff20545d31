// Makes a function of the UCR Suite's program: its two files are arrays in memory, and what it prints is read here.
// bench/peers.sh compiles it with the folder that UCR_SUITE_SOURCE names, which holds UCR_DTW.cpp, among the includes.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <sstream>
#include <string>

// The program includes these under their C names.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

namespace peer
{
struct Numbers
{
    const double *next;
    const double *end;
};

Numbers stream, query;
std::ostringstream printed;

FILE *open(const char *name, const char *)
{
    return reinterpret_cast<FILE *>(name[0] == 's' ? &stream : &query);
}

int read(FILE *file, const char *, double *number)
{
    Numbers *numbers = reinterpret_cast<Numbers *>(file);
    if (numbers->next == numbers->end) return EOF;
    *number = *numbers->next++;
    return 1;
}

template <typename... Arguments> int ignore(Arguments...)
{
    return 0;
}

/// What stands after a label in what the program printed; NaN where the label is missing.
double labelled(const std::string &text, const std::string &label)
{
    size_t at = text.find(label);
    return at == std::string::npos ? NAN : std::strtod(text.c_str() + at + label.size(), nullptr);
}
} // namespace peer

#define main ucr_main
#define fopen peer::open
#define fscanf peer::read
#define fclose peer::ignore
#define fprintf peer::ignore
#define printf peer::ignore
#define cout peer::printed
#include "UCR_DTW.cpp"
#undef main
#undef fopen
#undef fscanf
#undef fclose
#undef fprintf
#undef printf
#undef cout
#undef min
#undef max
#undef dist

/// The place and the distance of the window of the stream that is nearest to the query, both z-normalised; the band's radius is
/// the floor of that part of the query's length. Not thread-safe.
extern "C" void peer_search(
    const double *numbers, long long count, const double *query, int length, double radius, long long *location, double *distance)
{
    peer::stream = {numbers, numbers + count};
    peer::query = {query, query + length};
    peer::printed.str("");
    peer::printed.precision(17);

    std::string lengthText = std::to_string(length), radiusText = std::to_string(radius);
    std::string program = "ucr", stream = "stream", queryName = "query";
    char *arguments[] = {program.data(), stream.data(), queryName.data(), lengthText.data(), radiusText.data()};
    ucr_main(5, arguments);

    std::string text = peer::printed.str();
    *location = static_cast<long long>(peer::labelled(text, "Location : "));
    *distance = peer::labelled(text, "Distance : ");
}
