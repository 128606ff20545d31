using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels.Cli;

/// <summary>A saved model that brings the rows of two views into one space, whatever its kind.</summary>
/// <param name="TransformA">Rows of the first view there.</param>
/// <param name="TransformB">Rows of the second view there.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>: of a learned model or one of kernels, the element of its fit.</typeparam>
internal sealed record SavedAligner<T>(Func<Tensor<T>, Tensor<T>> TransformA, Func<Tensor<T>, Tensor<T>> TransformB)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What is read, for help.</summary>
    public const string Forms = "'cca --save', 'kcca --save', 'mcca --save' of two views, or 'align --save'";

    /// <summary>Reads a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where a learned model computes.</param>
    /// <exception cref="DataException">There is no such file, or its model has no space that two views share.</exception>
    /// <exception cref="DataFormatException">The file is malformed.</exception>
    public static SavedAligner<T> Load(string path, ComputeDevice device)
    {
        InputFile.Require(path);
        return Path.GetExtension(path).Equals(".safetensors", StringComparison.OrdinalIgnoreCase) ? Learned(path, new() { Device = device }) : Correlated(path, new() { Device = device });
    }

    private static SavedAligner<T> Correlated(string path, ExecutionOptions execution)
    {
        IReadOnlyCollection<string> names = NamesIn(path);
        if (names.Contains(KernelCanonicalCorrelation.Kind))
        {
            KernelCanonicalCorrelation kernels = KernelCanonicalCorrelation.Load(path);
            return new(x => Narrowed(kernels.TransformX(x, execution)), y => Narrowed(kernels.TransformY(y, execution)));
        }

        if (!names.Contains(MultiviewCorrelation.Kind))
        {
            CanonicalCorrelation pair = CanonicalCorrelation.Load(path);
            return new(x => pair.TransformX(x), y => pair.TransformY(y));
        }

        MultiviewCorrelation model = MultiviewCorrelation.Load(path);
        if (model.Views != 2) throw new DataException($"{path} is a model of {model.Views} views; two sides need one of two");
        return new(x => Narrowed(model.TransformView(0, x)), y => Narrowed(model.TransformView(1, y)));
    }

    private static SavedAligner<T> Learned(string path, ExecutionOptions execution)
    {
        string kind = LearnedModelFile.KindOf(path);
        if (kind == DeepCanonicalCorrelation.Kind)
        {
            DeepCanonicalCorrelationModel<T> deep = DeepCanonicalCorrelation.Load<T>(path, execution);
            return new(deep.TransformX, deep.TransformY);
        }

        if (kind == AutoencoderAlignment.Kind)
        {
            AutoencoderModel<T> codes = AutoencoderAlignment.Load<T>(path, execution);
            if (codes.Names.Count != 2 || codes.Mode == AutoencoderMode.Split) throw new DataException($"{path}: this autoencoder has no code that both of two views give");
            return new(x => codes.Transform(codes.Names[0], x), y => codes.Transform(codes.Names[1], y));
        }

        CommonSpaceModel<T> model = kind switch
        {
            ContrastiveAlignment.Kind => ContrastiveAlignment.Load<T>(path, execution),
            AdversarialAlignment.Kind => AdversarialAlignment.Load<T>(path, execution),
            GraphAlignmentFile.Kind => GraphAlignment.Load<T>(path, execution),
            CrossModalFile.Kind => CrossModalAlignment.Load<T>(path, execution),
            _ => throw new DataException($"{path} is a model of the kind '{kind}', which has no space that two views share; models of {Forms} have"),
        };
        return new(model.TransformX, model.TransformY);
    }

    private static IReadOnlyCollection<string> NamesIn(string path)
    {
        using NpzArchive archive = NpzArchive.Open(path);
        return [.. archive.Names];
    }

    private static Tensor<T> Narrowed(Tensor<double> scores) => Tensor.Create(Array.ConvertAll<double, T>([.. scores], T.CreateChecked), scores.Lengths);
}
