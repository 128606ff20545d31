using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Products;

/// <summary>Norms, sums and matrix-vector products on a device, against sums in float64.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Accelerators))]
[Parallelizable]
internal sealed class DeviceRowProductTests(TestEngine engine)
{
    private static readonly object[] s_shapes =
    [
        new object[] { 1, 1 },
        new object[] { 3, 0 },
        new object[] { 5, 67 },
        new object[] { 33, 8 },
        new object[] { 1, 6011 },
        new object[] { 257, 4 },
    ];

    [Test]
    public void Norms_are_right_in_every_layout([ValueSource(nameof(s_shapes))] object[] shape, [Values] StridedLayout layout)
    {
        Check<float>(shape, layout, Operation.Norms);
        if (engine.Shared.Description.SupportsFloat64) Check<double>(shape, layout, Operation.Norms);
    }

    [Test]
    public void Sums_are_right_in_every_layout([ValueSource(nameof(s_shapes))] object[] shape, [Values] StridedLayout layout) =>
        Check<float>(shape, layout, Operation.Sums);

    [Test]
    public void A_matrix_takes_a_vector_in_every_layout([ValueSource(nameof(s_shapes))] object[] shape, [Values] StridedLayout layout) =>
        Check<float>(shape, layout, Operation.Vector);

    [Test]
    public void A_second_run_gives_the_same_bits() =>
        Assert.That(
            Check<float>([2, 6011], StridedLayout.RowMajor, Operation.Sums), Is.EqualTo(Check<float>([2, 6011], StridedLayout.RowMajor, Operation.Sums)));

    private T[] Check<T>(object[] shape, StridedLayout layout, Operation operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int rows, int depth) = ((int)shape[0], (int)shape[1]);
        StridedBatch<T> x = new(rows, depth, layout, 1), vector = new(depth, 1, StridedLayout.RowMajor, 2), centre = new(1, depth, StridedLayout.RowMajor, 3);
        using DeviceBuffer<T> xBuffer = x.Upload(engine.Shared), vectorBuffer = vector.Upload(engine.Shared);
        using DeviceBuffer<T> centreBuffer = centre.Upload(engine.Shared), resultBuffer = engine.Shared.Allocate<T>(rows, "test");
        Call<T> call = new()
        {
            Operation = operation,
            X = x,
            XBuffer = xBuffer,
            Vector = vector,
            VectorBuffer = vectorBuffer,
            Centre = centreBuffer,
            Result = resultBuffer,
        };
        engine.Shared.Execute(ref call);
        T[] result = new T[rows];
        engine.Shared.Download(resultBuffer, 0, result);
        for (int row = 0; row < rows; row++)
        {
            (double sum, double magnitude) = (0, 0);
            for (int k = 0; k < depth; k++)
            {
                double element = double.CreateChecked(x[0, row, k]);
                double term = operation switch
                {
                    Operation.Norms => Math.Pow((element - double.CreateChecked(centre[0, 0, k])) * 2, 2),
                    Operation.Sums => element / 4,
                    _ => 3 * element * double.CreateChecked(vector[0, k, 0]),
                };
                sum += term;
                magnitude += Math.Abs(term);
            }

            double bound = (16 + Math.Sqrt(depth)) * double.CreateChecked(T.BitIncrement(T.One) - T.One) * magnitude;
            Assert.That(double.CreateChecked(result[row]), Is.EqualTo(sum).Within(bound), $"row {row}");
        }

        return result;
    }

    /// <summary>What is computed.</summary>
    private enum Operation
    {
        Norms,
        Sums,
        Vector,
    }

    private struct Call<T> : IEngineCall
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public required Operation Operation { get; init; }

        public required StridedBatch<T> X { get; init; }

        public required DeviceBuffer<T> XBuffer { get; init; }

        public required StridedBatch<T> Vector { get; init; }

        public required DeviceBuffer<T> VectorBuffer { get; init; }

        public required DeviceBuffer<T> Centre { get; init; }

        public required DeviceBuffer<T> Result { get; init; }

        readonly string IEngineCall.Operation => "Test";

        public readonly void OnHost(HostEngine engine) => throw new NotSupportedException();

        public readonly unsafe void OnAccelerator(AcceleratorEngine engine)
        {
            RunSettings settings = new("test");
            using DeviceMatrix<T> x = engine.Read(X.In(XBuffer), settings);
            using DeviceMatrix<T> vector = engine.Read(Vector.In(VectorBuffer), settings);
            using DeviceMatrix<T> result = engine.Write(new Operand<T>(null, Result, 0, X.Rows, 1, 1, 1), settings);
            switch (Operation)
            {
                case Operation.Norms:
                    RowProductDevice.SquaredNorms(engine, x, 1, 0, ((AcceleratorBuffer<T>)Centre).View, T.CreateChecked(2), result.View, settings);
                    break;
                case Operation.Sums:
                    RowProductDevice.RowSums(engine, x, T.CreateChecked(0.25), result.View, settings);
                    break;
                default:
                    RowProductDevice.MatrixVector(engine, x, vector, result, new Scaled<T>(T.CreateChecked(3)), settings);
                    break;
            }
        }
    }
}
