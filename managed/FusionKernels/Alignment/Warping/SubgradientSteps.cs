using System.Numerics;
using FusionKernels.Kernels.Warping;
using FusionKernels.Kernels.Warping.SoftForms;

namespace FusionKernels;

/// <summary>Passes over the members in random order, each a step along the subgradient of its cost (Schultz and Jain 2018, algorithm 1).</summary>
internal sealed class SubgradientSteps
{
    private readonly Random _random;
    private readonly int[] _order;
    private readonly double _finalStep;
    private readonly double _decrease;
    private double _step;

    /// <summary>The steps that options state.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A step is not a finite number above 0.</exception>
    public SubgradientSteps(DbaOptions options, int members)
    {
        _step = SoftAlignments.Positive(options.InitialStep, nameof(options.InitialStep));
        _finalStep = SoftAlignments.Positive(options.FinalStep, nameof(options.FinalStep));
        _decrease = (_step - _finalStep) / members;
        _random = new(options.Seed);
        _order = [.. Enumerable.Range(0, members)];
    }

    /// <summary>One pass.</summary>
    public void Pass<T>(BarycenterSearch<T> search, double[] point)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool isFirst = _step != _finalStep;
        double[] sums = new double[point.Length], counts = new double[point.Length];
        _random.Shuffle(_order);
        foreach (int member in _order)
        {
            // Relative to the mean weight, so that equal weights leave the step as it is.
            double weight = search.Weights[member] * _order.Length;
            if (weight > 0)
            {
                Array.Clear(sums);
                Array.Clear(counts);
                BarycenterSums.AssociateOne(search.Engine, search.Problem, search.Pack(point), search.Members, member, weight, sums, counts, search.Settings);
                for (int i = 0; i < point.Length; i++) point[i] -= 2 * _step * ((counts[i] * point[i]) - sums[i]);
            }

            if (isFirst) _step -= _decrease;
        }

        _step = _finalStep;
    }
}
