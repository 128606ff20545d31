using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;

namespace FusionKernels;

/// <summary>The kernel against some training rows, or all.</summary>
/// <param name="landmarks">The rows, a copy.</param>
/// <param name="kernel">The kernel.</param>
internal sealed class LandmarkBasis<T>(Tensor<T> landmarks, Kernel kernel) : KernelBasis<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override int Size => (int)landmarks.Lengths[0];

    /// <inheritdoc/>
    public override bool HasKernel => true;

    /// <inheritdoc/>
    public override void Require(Tensor<T> input, string name)
    {
        if (input.Rank != 2 || input.Lengths[1] != landmarks.Lengths[1]) throw new ArgumentException($"'{name}' is {Shape.Of(input.Lengths)}; fitted to {landmarks.Lengths[1]} features, it must be rows x {landmarks.Lengths[1]}", name);
    }

    /// <inheritdoc/>
    public override DenseMatrix Evaluate(Tensor<T> input, int row, int rows, GramOptions options) =>
        DenseMatrix.Of(Gram.Compute(Slice(input, row, rows), landmarks, kernel, options).AsReadOnlyTensorSpan().AsMatrix(nameof(input)));

    /// <inheritdoc/>
    public override void Write(NpzWriter file, string side)
    {
        ModelArchive.AddText(file, KernelOf(side), [kernel.ToWords()]);
        file.Add(RowsOf(side), landmarks);
    }

    /// <inheritdoc cref="KernelBasis{T}.Read"/>
    public static LandmarkBasis<T> Read(ModelArchive file, string side)
    {
        IReadOnlyList<long> shape = file.ShapeOf(RowsOf(side), 2);
        if (shape.Any(extent => extent is < 1 or > int.MaxValue)) throw file.Error(RowsOf(side), "rows x features", string.Join(" x ", shape));
        string name = KernelOf(side);
        string[] words = file.Text(name);
        if (words.Length != 1) throw file.Error(name, "one kernel", $"{words.Length}");
        try
        {
            Kernel kernel = Kernel.Parse(words[0]);
            _ = kernel.Compile<T>((int)shape[1]);
            return new(Tensor.Create(file.Numbers<T>(RowsOf(side), [.. shape]), [(nint)shape[0], (nint)shape[1]]), kernel);
        }
        catch (Exception refused) when (refused is FormatException or ArgumentException)
        {
            throw file.Error(name, $"a kernel of rows of {shape[1]} features", refused.Message);
        }
    }

    /// <summary>The array of the kernel's words; it tells this basis from others.</summary>
    public static string KernelOf(string side) => $"{side}.kernel";

    private static string RowsOf(string side) => $"{side}.rows";
}
