using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>The kernel of a view without features, centred by the training rows that have the view.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed class CentredSourceKernel<T> : ISourceKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ISourceKernel<T> _source;
    private readonly int[] _present;
    private readonly GramCentering _centring;

    /// <summary>Takes the means of the training matrix.</summary>
    /// <param name="source">The kernel as it is.</param>
    /// <param name="views">The training rows.</param>
    /// <param name="view">The view.</param>
    public CentredSourceKernel(ISourceKernel<T> source, Views views, int view)
    {
        (_source, _present) = (source, views.RowsWith(view));
        _centring = GramCentering.Fit(GramPart.Take(source.Training, _present, _present));
        Training = Centred(source.Training, _present);
    }

    /// <inheritdoc/>
    public Tensor<T> Training { get; }

    /// <inheritdoc/>
    public Tensor<T> Against(Views rows, int view, string name, ExecutionOptions? options) => Centred(_source.Against(rows, view, name, options), rows.RowsWith(view));

    private Tensor<T> Centred(Tensor<T> gram, int[] rows) => GramPart.Spread(_centring.Transform(GramPart.Take(gram, rows, _present)), rows, _present, (int)gram.Lengths[0], (int)gram.Lengths[1]);
}
