using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary><c>autoencoder</c>.</summary>
internal sealed class AutoencoderMethod : IAlignMethod
{
    /// <summary>Its name.</summary>
    public const string MethodName = "autoencoder";

    private const string A = "a", B = "b";

    /// <inheritdoc/>
    public string Name => MethodName;

    /// <inheritdoc/>
    public string Description => "one code from either view, from which both are rebuilt";

    /// <inheritdoc/>
    public IAlignedPair<T> Fit<T>(AlignTask<T> task)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AutoencoderOptions options = new()
        {
            Components = task.Settings.Components ?? 64,
            Hidden = task.Settings.Hidden,
            Mode = AlignMethods.Mode<AutoencoderMode>(task.Settings.Mode),
        };
        Views views = Views.Of((A, View.Vectors(task.A)), (B, View.Vectors(task.B)));
        return new Pair<T>(AutoencoderAlignment.Fit<T>(views, task.Settings.ApplyToNetworks(options)));
    }

    private sealed class Pair<T>(AutoencoderModel<T> model) : IAlignedPair<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TrainingResult Training => model.Training;

        /// <summary>The code; of a split one, which the second view does not have, the second view as the first tells it.</summary>
        public Tensor<T> TransformA(Tensor<T> rows) => model.Mode == AutoencoderMode.Split ? model.Reconstruct(B, A, rows) : model.Transform(A, rows);

        public Tensor<T> TransformB(Tensor<T> rows) => model.Mode == AutoencoderMode.Split ? rows : model.Transform(B, rows);

        public IReadOnlyList<AlignFigure> Evaluate(Tensor<T> a, Tensor<T> b)
        {
            IReadOnlyList<double> scores = model.Evaluate(Views.Of((A, View.Vectors(a)), (B, View.Vectors(b))));
            return [new("R² of A rebuilt", scores[0]), new("R² of B rebuilt", scores[1])];
        }

        public Tensor<T>? RebuildB(Tensor<T> a) => model.Reconstruct(B, A, a);

        public void Save(string path) => model.Save(path);
    }
}
