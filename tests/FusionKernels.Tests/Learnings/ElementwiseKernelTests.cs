using System.Numerics;
using FusionKernels.Kernels.Elementwise;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Learnings;

[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
[Parallelizable]
public sealed class ElementwiseKernelTests(TestEngine engine)
{
    private readonly Engine _engine = engine.Shared;

    private IEnumerable<(int Rows, int Columns)> Shapes => engine.Kind == DeviceKind.IlgpuCpu ? [(2, 3)] : [(0, 4), (1, 1), (3, 7), (2, 16), (5, 33), (70, 130), (3, 20_011)];

    [Test]
    public void MapsWithEveryStride()
    {
        Check<float>();
        if (engine.Device.Description.SupportsFloat64) Check<double>();

        void Check<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            foreach ((int rows, int columns) in Shapes)
            {
                T[] a = Values<T>(1, rows * columns), row = Values<T>(2, columns), column = Values<T>(3, rows);
                double[] expected = [.. a.Select((value, i) => double.CreateChecked((value * row[i % columns]) + column[i / columns]))];
                Assert.That(Map(rows, columns, a, row, column, transposed: false).Select(double.CreateChecked), Is.EqualTo(expected).Within(4 * Tolerances.Epsilon<T>()), $"{rows} x {columns}");
                if (engine.Kind != DeviceKind.IlgpuCpu) Assert.That(Map(rows, columns, a, row, column, transposed: true).Select(double.CreateChecked), Is.EqualTo(expected).Within(4 * Tolerances.Epsilon<T>()), $"{rows} x {columns} transposed");
            }
        }
    }

    [Test]
    public void SoftmaxOfRowsSumsToOneAndMaskedRowsAreZero()
    {
        foreach ((int rows, int columns) in Shapes)
        {
            if (rows == 0) continue;
            float[] a = Values<float>(1, rows * columns), result = new float[a.Length], sums = new float[rows];
            Array.Fill(a, float.NegativeInfinity, (rows - 1) * columns, columns);
            using DeviceBuffer<float> memory = Upload(a), output = Upload(result), statistics = Upload(sums);
            RowCall<float, SoftmaxRule<float>> call = new()
            {
                Rule = default,
                A = In(memory, rows, columns),
                Result = In(output, rows, columns),
                Statistics = In(statistics, rows, 1),
                Settings = new("test"),
            };
            _engine.Execute(ref call);
            _engine.Download(output, 0, result);
            for (int i = 0; i < rows; i++)
            {
                float[] own = result[(i * columns)..((i + 1) * columns)];
                Assert.That(own.Sum(value => (double)value), Is.EqualTo(i == rows - 1 ? 0 : 1).Within(1e-5), $"{rows} x {columns}, row {i}");
            }
        }
    }

    [Test]
    public void SumsOfRowsAndColumns()
    {
        foreach ((int rows, int columns) in Shapes)
        {
            float[] a = Values<float>(1, rows * columns), b = Values<float>(2, rows * columns);
            double[] ofRows = new double[rows], ofColumns = new double[columns];
            for (int i = 0; i < a.Length; i++)
            {
                ofRows[i / columns] += (double)a[i] * b[i];
                ofColumns[i % columns] += (double)a[i] * b[i];
            }

            Assert.That(Sum(rows, columns, a, b, false).Select(value => (double)value), Is.EqualTo(ofRows).Within(1e-4 * Math.Sqrt(columns)), $"rows of {rows} x {columns}");
            Assert.That(Sum(rows, columns, a, b, true).Select(value => (double)value), Is.EqualTo(ofColumns).Within(1e-4 * Math.Sqrt(Math.Max(1, rows))), $"columns of {rows} x {columns}");
        }
    }

    [Test]
    public void DropoutKeepsItsShareAndTheSameElementsEverywhere()
    {
        const int Count = 1000;
        float[] ones = new float[Count], kept = new float[Count];
        Array.Fill(ones, 1);
        using DeviceBuffer<float> memory = Upload(ones), output = Upload(kept);
        DropoutCall<float> call = new() { A = In(memory, 1, Count), Result = In(output, 1, Count), Mask = DropoutMask.Of(0.25, 7, 1, 2), Scale = 1 / 0.75, Settings = new("test") };
        _engine.Execute(ref call);
        _engine.Download(output, 0, kept);
        Assert.That(kept.Count(value => value == 0), Is.EqualTo(Dropped).Within(0), "the generator's own count, the same on every engine");
        Assert.That(kept.Where(value => value != 0), Is.All.EqualTo((float)(1 / 0.75)));
    }

    /// <summary>What the scalar definition drops of these thousand elements.</summary>
    private static int Dropped => Enumerable.Range(0, 1000).Count(i =>
    {
        int block = i / DropoutMask.Elements, word = i % DropoutMask.Elements / DropoutMask.Counters, counter = (block * DropoutMask.Counters) + (i % DropoutMask.Counters);
        var drawn = DropoutMask.Of(0.25, 7, 1, 2).Draw(new Kernels.Simd.Word((uint)counter), 0);
        return new[] { drawn.First.Value, drawn.Second.Value, drawn.Third.Value, drawn.Fourth.Value }[word] < 0.25 * 4294967296.0;
    });

    private T[] Map<T>(int rows, int columns, T[] a, T[] row, T[] column, bool transposed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] result = new T[a.Length], given = a;
        if (transposed)
        {
            given = new T[a.Length];
            for (int i = 0; i < a.Length; i++) given[(i % columns * rows) + (i / columns)] = a[i];
        }

        using DeviceBuffer<T> memory = Upload(given), rowMemory = Upload(row), columnMemory = Upload(column), output = Upload(result);
        MapCall<T, AffineFunction<T>> call = new()
        {
            Function = default,
            A = transposed ? In(memory, columns, rows).Transposed : In(memory, rows, columns),
            B = new MatrixRef<T>(rowMemory, 0, rows, columns, 0).InBuffer,
            C = new MatrixRef<T>(columnMemory, 0, rows, columns, 1, 0).InBuffer,
            Result = In(output, rows, columns),
            Settings = new("test"),
        };
        _engine.Execute(ref call);
        _engine.Download(output, 0, result);
        return result;
    }

    private float[] Sum(int rows, int columns, float[] a, float[] b, bool ofColumns)
    {
        float[] result = new float[ofColumns ? columns : rows];
        using DeviceBuffer<float> first = Upload(a), second = Upload(b), output = Upload(result);
        SumCall<float, ProductFunction<float>> call = new()
        {
            Function = new(1),
            A = In(first, rows, columns),
            B = In(second, rows, columns),
            Result = ofColumns ? In(output, 1, columns) : In(output, rows, 1),
            OfColumns = ofColumns,
            Settings = new("test"),
        };
        _engine.Execute(ref call);
        _engine.Download(output, 0, result);
        return result;
    }

    private DeviceBuffer<T> Upload<T>(T[] values)
        where T : unmanaged
    {
        DeviceBuffer<T> buffer = _engine.Allocate<T>(values.Length, "test");
        _engine.Upload<T>(values, buffer, 0);
        return buffer;
    }

    private static Operand<T> In<T>(DeviceBuffer<T> buffer, int rows, int columns)
        where T : unmanaged => new MatrixRef<T>(buffer, 0, rows, columns, columns).InBuffer;

    private static T[] Values<T>(int seed, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. GradientCheck.Values(seed, [count]).Select(T.CreateChecked)];
}
