using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary><c>attention</c>.</summary>
internal sealed class AttentionMethod : IAlignMethod
{
    /// <inheritdoc/>
    public string Name => "attention";

    /// <inheritdoc/>
    public string Description => "tokens of each view look at those of the other";

    /// <inheritdoc/>
    public bool HasFiles => false;

    /// <inheritdoc/>
    public IAlignedPair<T> Fit<T>(AlignTask<T> task)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AlignSettings settings = task.Settings;
        AlignMethods.RefuseMode(this, settings);
        CrossModalOptions options = new();
        if (settings.Hidden.Count > 1) throw new UsageException("--hidden: attention takes one width, between a row and its tokens");
        if (settings.Components is { } asked && asked % options.Heads != 0) throw new UsageException($"--components {asked}: attention needs a multiple of {options.Heads}, its heads");
        options = settings.ApplyTo(options) with
        {
            Width = settings.Components ?? options.Width,
            Hidden = settings.Hidden.Count > 0 ? settings.Hidden[0] : options.Hidden,
            Dropout = settings.Dropout,
            Optimizer = settings.At(options.Optimizer),
            Labels = task.Labels,
        };
        return new Pair<T>(CrossModalAlignment.Fit(task.A, task.B, options));
    }

    private sealed class Pair<T>(CrossModalModel<T> model) : IAlignedPair<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TrainingResult Training => model.Training;

        public Tensor<T> TransformA(Tensor<T> rows) => model.TransformX(rows);

        public Tensor<T> TransformB(Tensor<T> rows) => model.TransformY(rows);

        public IReadOnlyList<AlignFigure> Evaluate(Tensor<T> a, Tensor<T> b) => [];

        public Tensor<T>? RebuildB(Tensor<T> a) => null;

        public void Save(string path) => throw new NotSupportedException("models of attention are not kept in files");
    }
}
