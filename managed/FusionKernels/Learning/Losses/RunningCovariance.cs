using FusionKernels.Kernels.Decompositions;

namespace FusionKernels;

/// <summary>Covariances of two views over the batches of training, the older the less: what lets small batches train a correlation (Wang et al. 2016; Chang, Xiang and Hospedales 2018).</summary>
/// <remarks>Moved by every loss on a tape that is training, read by all. Gradients go through the batch's own share alone. A run that names it (<see cref="TrainingOptions.Running"/>) keeps it in its checkpoints. Not thread-safe.</remarks>
public sealed class RunningCovariance
{
    private DenseMatrix[]? _sums;
    private double _weight;

    /// <summary>No batches yet.</summary>
    /// <param name="keep">How much of what was there is kept at each batch, more than 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="keep"/> is not.</exception>
    public RunningCovariance(double keep = 0.9)
    {
        if (keep is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(keep), keep, "a number above 0 and below 1 is needed");
        Keep = keep;
    }

    /// <summary>How much of what was there is kept at each batch.</summary>
    public double Keep { get; }

    /// <summary>Whether a batch has been seen.</summary>
    public bool HasSeen => _sums is not null;

    /// <summary>Mixes a batch's covariances with those before it, in place; gives the share that the batch has in them.</summary>
    internal double Mix(DenseMatrix[] batch, bool moves)
    {
        if (_sums is not null && (_sums[0].Rows != batch[0].Rows || _sums[1].Rows != batch[1].Rows))
        {
            throw new ArgumentException($"the running covariance is of {_sums[0].Rows} and {_sums[1].Rows} features, the batch of {batch[0].Rows} and {batch[1].Rows}");
        }

        double weight = (Keep * _weight) + (1 - Keep), share = (1 - Keep) / weight;
        DenseMatrix[] sums = new DenseMatrix[batch.Length];
        for (int m = 0; m < batch.Length; m++)
        {
            sums[m] = new(batch[m].Rows, batch[m].Columns);
            double[] own = batch[m].Elements, mixed = sums[m].Elements;
            for (int i = 0; i < own.Length; i++)
            {
                mixed[i] = (_sums is null ? 0 : Keep * _sums[m].Elements[i]) + ((1 - Keep) * own[i]);
                own[i] = mixed[i] / weight;
            }
        }

        if (moves) (_sums, _weight) = (sums, weight);
        return share;
    }

    /// <summary>All that a run needs to go on: the weight, the features of both views, the sums; empty before the first batch.</summary>
    internal double[] State() => _sums is null ? [] : [_weight, _sums[0].Rows, _sums[1].Rows, .. _sums.SelectMany(sum => sum.Elements)];

    /// <summary>Goes on from a state; false where it is none.</summary>
    internal bool TryResume(double[] state)
    {
        (_sums, _weight) = (null, 0);
        if (state.Length == 0) return true;
        if (state.Length < 3 || !(state[0] is > 0 and <= 1) || !IsCount(state[1]) || !IsCount(state[2])) return false;
        (int first, int second) = ((int)state[1], (int)state[2]);
        (int Rows, int Columns)[] shapes = [(first, first), (second, second), (first, second)];
        if (state.Length != 3 + shapes.Sum(shape => (long)shape.Rows * shape.Columns)) return false;
        DenseMatrix[] sums = new DenseMatrix[shapes.Length];
        int at = 3;
        for (int m = 0; m < sums.Length; m++)
        {
            int elements = shapes[m].Rows * shapes[m].Columns;
            sums[m] = new(shapes[m].Rows, shapes[m].Columns, state[at..(at + elements)]);
            at += elements;
        }

        (_sums, _weight) = (sums, state[0]);
        return true;

        static bool IsCount(double number) => number is >= 1 and <= 32767 && Math.Floor(number) == number;
    }
}
