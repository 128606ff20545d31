using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>One kernel of all views, with the training rows that new ones are compared with.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class FusedKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ViewEncoder _encoder;
    private readonly Kernel?[] _kernels;
    private readonly ISourceKernel<T>?[] _sources;
    private readonly bool _isProduct;
    private readonly bool _isComplete;
    private readonly ViewGrams<T> _grams;
    private readonly ViewCentre[]? _centres;

    /// <summary>Keeps what was fitted.</summary>
    public FusedKernel(
        ViewEncoder encoder, Kernel?[] kernels, ISourceKernel<T>?[] sources, Tensor<T> train, double[] weights, bool isProduct, bool isComplete, double[] bandwidths, ViewCentre[]? centres = null, ViewGrams<T>? grams = null)
    {
        _grams = grams ?? new(kernels.Length, (int)train.Lengths[0]);
        (_encoder, _kernels, _sources, Train, Weights) = (encoder, kernels, sources, train, weights);
        (_isProduct, _isComplete, Bandwidths, _centres) = (isProduct, isComplete, bandwidths, centres);
    }

    /// <summary>The training rows, encoded.</summary>
    public Tensor<T> Train { get; }

    /// <summary>By view: its weight; they add up to 1.</summary>
    public double[] Weights { get; }

    /// <summary>By view: the bandwidth of its kernel; 1 of a Gram matrix, NaN where the kernel was given.</summary>
    public double[] Bandwidths { get; }

    /// <summary>Where views stand in the rows.</summary>
    public ViewEncoder Encoder => _encoder;

    /// <summary>By view: the kernel of its features; null where they are none.</summary>
    public IReadOnlyList<Kernel?> Kernels => _kernels;

    /// <summary>Whether kernels are multiplied.</summary>
    public bool IsProduct => _isProduct;

    /// <summary>Whether every view that weighs something was present in every training row.</summary>
    public bool IsComplete => _isComplete;

    /// <summary>The same kernels with other weights.</summary>
    public FusedKernel<T> With(Tensor<T> train, double[] weights, bool? isComplete = null) => new(_encoder, _kernels, _sources, train, weights, _isProduct, isComplete ?? _isComplete, Bandwidths, _centres, _grams);

    /// <summary>The Gram matrix of the training rows.</summary>
    public Tensor<T> TrainGram(ExecutionOptions options) =>
        Gram.Compute(Train, Compose(!_isComplete, m => _sources[m]!.Training), GramOptionsOf(options));

    /// <summary>The same up to rounding, from the matrices of the views where these are kept: what one of many sets of present views is fitted to.</summary>
    public Tensor<T> SumOfViews(ExecutionOptions options)
    {
        if (_isProduct || !_grams.AreKept) return TrainGram(options);
        int[] weighed = [.. Enumerable.Range(0, Weights.Length).Where(m => Weights[m] > 0)];
        Tensor<T> sum = KernelWeights.Sum([.. weighed.Select(m => TrainGram(m, options))], [.. weighed.Select(m => Weights[m])], KernelFusionFit.OnHost(options));
        if (_isComplete) return sum;
        int rows = (int)sum.Lengths[0];
        T[] scales = [.. Enumerable.Range(0, rows).Select(row => Train[row, Train.Lengths[1] - 1])];
        for (int row = 0; row < rows; row++)
        {
            Span<T> of = sum.AsTensorSpan().GetSpan([row, 0], rows);
            TensorPrimitives.Multiply(of, scales, of);
            TensorPrimitives.Multiply(of, scales[row], of);
        }

        return sum;
    }

    /// <summary>The Gram matrix of one view among the training rows, absent pairs 0; nobody may write to it.</summary>
    public Tensor<T> TrainGram(int view, ExecutionOptions options) => _grams.Of(view, () =>
    {
        Kernel kernel = KernelOf(view, m => _sources[m]!.Training);
        return Gram.Compute(Train, _isComplete ? kernel : kernel * Presence(view), GramOptionsOf(options));
    });

    /// <summary>The Gram matrix of training rows against those of them that are kept.</summary>
    public Tensor<T> AgainstKept(Views training, ExecutionOptions? options) => Against(training, [.. Enumerable.Range(0, training.Count)], training.Names, options, isNew: false);

    /// <summary>The Gram matrix of rows against the training rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="map">By view: its number in the rows, -1 where they lack it.</param>
    /// <param name="names">The names, for errors.</param>
    /// <param name="options">How to run.</param>
    /// <param name="isNew">Whether they are new; else they are scaled as training rows are.</param>
    public Tensor<T> Against(Views rows, int[] map, IReadOnlyList<string> names, ExecutionOptions? options, bool isNew = true)
    {
        Tensor<T> encoded = _encoder.Encode<T>(rows, map, names, Weights, isNew);
        bool isComplete = _isComplete && !Enumerable.Range(0, map.Length).Any(m => Weights[m] > 0 && (map[m] < 0 || !rows.IsPresentEverywhere(map[m])));
        Tensor<T>?[] given = new Tensor<T>?[map.Length];
        for (int m = 0; m < map.Length; m++)
        {
            if (_sources[m] is not { } source || Weights[m] == 0) continue;
            given[m] = map[m] < 0 ? Tensor.CreateFromShape<T>([rows.Rows, (int)Train.Lengths[0]]) : source.Against(rows, map[m], names[m], options);
        }

        return Gram.Compute(encoded, Train, Compose(!isComplete, m => given[m]!), GramOptionsOf(options));
    }

    private static GramOptions GramOptionsOf(ExecutionOptions? options) => new()
    {
        Device = options?.Device,
        Threads = options?.Threads ?? 0,
        Cancellation = options?.Cancellation ?? default,
        Report = options?.Report,
    };

    /// <summary>The kernel over encoded rows: one expression, one pass over tiles.</summary>
    private Kernel Compose(bool isMasked, Func<int, Tensor<T>> given)
    {
        Kernel? whole = null;
        for (int m = 0; m < _kernels.Length; m++)
        {
            if (Weights[m] == 0) continue;
            Kernel one = KernelOf(m, given);
            if (isMasked) one = _isProduct ? Factor(one * Presence(m), m) : one * Presence(m);
            if (!_isProduct) one = Weights[m] * one;
            whole = whole is null ? one : _isProduct ? whole * one : whole + one;
        }

        return isMasked && !_isProduct ? whole! * Kernel.Linear().On(^1..) : whole!;
    }

    /// <summary>
    /// A view's factor of a product, of its kernel where both rows have the view and of 0 elsewhere. Among training rows that lack some
    /// it is the mean of that and 1, a sum of kernels; rows that lack views that all training rows have are only asked about, and take 1.
    /// </summary>
    private Kernel Factor(Kernel present, int m)
    {
        return _isComplete ? present + (ViewCentre.One + (-1.0 * Presence(m))) : (0.5 * ViewCentre.One) + (0.5 * present);
    }

    /// <summary>A view's kernel, centred where it is asked for; sources centre themselves.</summary>
    private Kernel KernelOf(int m, Func<int, Tensor<T>> given)
    {
        if (_kernels[m] is not { } kernel) return Kernel.Precomputed(given(m));
        Kernel own = kernel.On(_encoder.RangeOf(m));
        return _centres is null ? own : _centres[m].Of(own, Presence(m));
    }

    private Kernel Presence(int m) => _encoder.Presence(m);
}
