using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Variates of one side of a kernel method: weighted sums of functions of a row, less their means over the training rows.</summary>
/// <typeparam name="T">The element of the rows.</typeparam>
/// <param name="basis">The functions.</param>
/// <param name="weights">functions x components.</param>
/// <param name="offsets">Added to each component.</param>
internal sealed class KernelVariates<T>(KernelBasis<T> basis, DenseMatrix weights, double[] offsets)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>functions x components.</summary>
    public DenseMatrix Weights => weights;

    /// <summary>Whether the functions are kernel values, which a device may compute.</summary>
    public bool HasKernel => basis.HasKernel;

    /// <summary>Whether the weight of largest magnitude of a component is negative.</summary>
    public bool IsNegative(int component)
    {
        double largest = 0;
        for (int i = 0; i < weights.Rows; i++)
        {
            if (Math.Abs(weights[i, component]) > Math.Abs(largest)) largest = weights[i, component];
        }

        return largest < 0;
    }

    /// <summary>Changes the sign of a component.</summary>
    public void Negate(int component)
    {
        for (int i = 0; i < weights.Rows; i++) weights[i, component] = -weights[i, component];
        offsets[component] = -offsets[component];
    }

    /// <summary>The variates of rows.</summary>
    public Tensor<double> Transform(Tensor<T> input, string name, string operation, ExecutionOptions? options)
    {
        basis.Require(input, name);
        using Execution execution = HostExecution.BeginBeside<T>(options, operation, basis.HasKernel);
        HostEngine engine = HostExecution.EngineBeside(options);
        RunSettings settings = execution.Parts;
        DenseAlgebra algebra = new(engine, settings);
        GramOptions gramOptions = GramColumns<T>.Options(options);
        int rows = checked((int)input.Lengths[0]), components = offsets.Length;
        double[] result = new double[checked(rows * components)];
        for (int row = 0; row < rows; row += basis.BlockRows)
        {
            settings.Cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(basis.BlockRows, rows - row);
            DenseMatrix values = algebra.Multiply(basis.Evaluate(input, row, count, gramOptions), weights);
            for (int i = 0; i < count; i++)
            {
                for (int k = 0; k < components; k++) result[((row + i) * components) + k] = values[i, k] + offsets[k];
            }

            settings.Progress?.Report((row + count) / (double)rows);
        }

        execution.CompleteWhole<T>($"blocks of {basis.BlockRows} rows: {basis.Size} functions, then a product", 2.0 * rows * basis.Size * (components + (basis.HasKernel ? (double)input.Lengths[1] : 0)), 8L * Math.Min(rows, basis.BlockRows) * basis.Size);
        return Tensor.Create(result, [rows, components]);
    }

    /// <summary>Adds functions, weights and offsets to a file.</summary>
    /// <exception cref="NotSupportedException">The kernel is of a matrix that was given.</exception>
    public void Write(NpzWriter file, string side)
    {
        basis.Write(file, side);
        file.Add(WeightsOf(side), Tensor.Create(weights.Elements, [weights.Rows, weights.Columns]));
        file.Add(OffsetsOf(side), Tensor.Create(offsets, [offsets.Length]));
    }

    /// <summary>The variates of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="side">What names of their arrays begin with.</param>
    /// <param name="approximation">The route of the fit.</param>
    /// <param name="components">Columns of the weights.</param>
    /// <exception cref="DataFormatException">Something is absent, of another shape or type, or out of its range.</exception>
    public static KernelVariates<T> Read(ModelArchive file, string side, KernelApproximation approximation, int components)
    {
        KernelBasis<T> basis = KernelBasis<T>.Read(file, side, approximation);
        return new(basis, new DenseMatrix(basis.Size, components, file.Numbers(WeightsOf(side), basis.Size, components)), file.Numbers(OffsetsOf(side), components));
    }

    private static string WeightsOf(string side) => $"{side}.weights";

    private static string OffsetsOf(string side) => $"{side}.offsets";
}
