using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>The kernel of a view of series, over the rows in which it is present.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class SeriesKernel<T> : ISourceKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SequenceKernel _kind;
    private readonly List<Tensor<T>> _series;
    private readonly int[] _rows;
    private readonly int _count;
    private readonly Lazy<Tensor<T>> _training;

    /// <summary>Fits the bandwidth and computes the training matrix.</summary>
    /// <param name="views">The training rows.</param>
    /// <param name="view">The view.</param>
    /// <param name="kind">The kernel.</param>
    /// <param name="sharpness">What gamma is divided by.</param>
    /// <param name="options">How to run.</param>
    /// <param name="known">The bandwidth, from a file: the training matrix is then computed when it is asked for; null to fit it.</param>
    public SeriesKernel(Views views, int view, SequenceKernel kind, double sharpness, ExecutionOptions options, double? known = null)
    {
        _kind = kind;
        _count = views.Rows;
        _rows = views.RowsWith(view);
        _series = [.. _rows.Select(views.At(view).Series<T>)];
        if (known is { } bandwidth)
        {
            Bandwidth = bandwidth;
            ExecutionOptions later = new() { Device = options.Device, Threads = options.Threads };
            _training = new(() => GramPart.Spread(TrainingGram(later), _rows, _rows, _count, _count));
            return;
        }

        try
        {
            Tensor<T> gram;
            if (kind == SequenceKernel.GlobalAlignment)
            {
                Bandwidth = GlobalAlignment.MedianSigma(_series) * Math.Sqrt(sharpness);
                gram = TrainingGram(options);
            }
            else
            {
                gram = Dtw.Distances(_series, DtwOf(options));
                Bandwidth = GammaOf(gram) / sharpness;
                Exponentiate(gram);
            }

            Tensor<T> training = GramPart.Spread(gram, _rows, _rows, _count, _count);
            _training = new(() => training);
        }
        catch (ArgumentException failure)
        {
            throw new ArgumentException($"view '{views.Names[view]}': {failure.Message}", failure);
        }
    }

    /// <inheritdoc/>
    public Tensor<T> Training => _training.Value;

    /// <summary>Sigma of global alignment, or gamma of squared distances.</summary>
    public double Bandwidth { get; }

    /// <inheritdoc/>
    public Tensor<T> Against(Views rows, int view, string name, ExecutionOptions? options)
    {
        int[] present = rows.RowsWith(view);
        if (present.Length == 0) return Tensor.CreateFromShape<T>([rows.Rows, _count]);
        List<Tensor<T>> series = [.. present.Select(rows.At(view).Series<T>)];
        Tensor<T> gram;
        if (_kind == SequenceKernel.GlobalAlignment) gram = GlobalAlignment.Gram(series, _series, AlignmentOf(options));
        else
        {
            gram = Dtw.Distances(series, _series, DtwOf(options));
            Exponentiate(gram);
        }

        return GramPart.Spread(gram, present, _rows, rows.Rows, _count);
    }

    private Tensor<T> TrainingGram(ExecutionOptions? options)
    {
        if (_kind == SequenceKernel.GlobalAlignment) return GlobalAlignment.Fit(_series, AlignmentOf(options)).Gram;
        Tensor<T> gram = Dtw.Distances(_series, DtwOf(options));
        Exponentiate(gram);
        return gram;
    }

    private GlobalAlignmentOptions AlignmentOf(ExecutionOptions? options) => new()
    {
        Sigma = Bandwidth,
        Device = options?.Device,
        Threads = options?.Threads ?? 0,
        Cancellation = options?.Cancellation ?? default,
        Report = options?.Report,
    };

    private static DtwOptions DtwOf(ExecutionOptions? options) => new()
    {
        Device = options?.Device,
        Threads = options?.Threads ?? 0,
        Cancellation = options?.Cancellation ?? default,
        Report = options?.Report,
    };

    private static double GammaOf(Tensor<T> distances)
    {
        List<double> squares = [];
        for (int i = 0; i < distances.Lengths[0]; i++)
        {
            for (int j = i + 1; j < distances.Lengths[0]; j++)
            {
                double distance = double.CreateTruncating(distances[i, j]);
                squares.Add(distance * distance);
            }
        }

        return FusionKernels.Bandwidth.OfMedian(squares);
    }

    private void Exponentiate(Tensor<T> distances)
    {
        TensorSpan<T> cells = distances.AsTensorSpan();
        for (int i = 0; i < distances.Lengths[0]; i++)
        {
            for (int j = 0; j < distances.Lengths[1]; j++)
            {
                double distance = double.CreateTruncating(cells[i, j]);
                cells[i, j] = T.CreateTruncating(Math.Exp(-Bandwidth * distance * distance));
            }
        }
    }
}
