using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Grams;

/// <summary>Gram matrices that are consumed instead of stored: products with vectors, and nearest rows.</summary>
[TestFixtureSource(typeof(GramFixtures), nameof(GramFixtures.EveryWarp))]
[Parallelizable]
public sealed class GramConsumerTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Kernels of every kind of composition.</summary>
    internal static readonly Kernel[] Kernels =
        [Kernel.Rbf(), Kernel.Laplacian() + (0.5 * Kernel.Linear()), Kernel.Matern().Centered(), Kernel.Polynomial().Normalized()];

    private bool IsSimulated => engine.Kind == DeviceKind.IlgpuCpu;

    private GramOptions Options => new() { Device = engine.Device };

    [Test]
    public void A_product_is_that_of_the_stored_matrix([ValueSource(nameof(Kernels))] Kernel kernel, [Values(1, 3, 8, 9, 70)] int width)
    {
        double[,] x = GramAssert.Rows<T>(IsSimulated ? 37 : 203, 5, 1), y = GramAssert.Rows<T>(IsSimulated ? 41 : 1100, 5, 2), v = GramAssert.Rows<T>(y.GetLength(0), width, 3);
        double[,] gram = GramAssert.Array(Gram.Compute(GramAssert.Tensor<T>(x), GramAssert.Tensor<T>(y), kernel, Options));
        Check(Gram.Multiply(GramAssert.Tensor<T>(x), GramAssert.Tensor<T>(y), kernel, GramAssert.Tensor<T>(v), Options), gram, v, kernel);

        double[,] own = GramAssert.Rows<T>(x.GetLength(0), width, 4);
        Check(
            Gram.Multiply(GramAssert.Tensor<T>(x), kernel, GramAssert.Tensor<T>(own), Options),
            GramAssert.Array(Gram.Compute(GramAssert.Tensor<T>(x), kernel, Options)),
            own,
            kernel);
    }

    [Test]
    public void Vectors_may_lie_anyhow()
    {
        Tensor<T> x = GramAssert.Tensor<T>(GramAssert.Rows<T>(30, 4, 1)), y = GramAssert.Tensor<T>(GramAssert.Rows<T>(20, 4, 2));
        foreach (int width in (int[])[2, 12])
        {
            double[,] v = GramAssert.Rows<T>(20, width, 3), transposed = new double[width, 20];
            for (int j = 0; j < 20; j++)
            {
                for (int w = 0; w < width; w++) transposed[w, j] = v[j, w];
            }

            Tensor<T> columns = GramAssert.Tensor<T>(transposed);
            Tensor<T> strided = Tensor.PermuteDimensions<T>(columns, [1, 0]);
            GramAssert.SameBits(
                Gram.Multiply(x, y, Kernel.Rbf(), strided, Options), Gram.Multiply(x, y, Kernel.Rbf(), GramAssert.Tensor<T>(v), Options), $"width {width}");
        }

        Tensor<T> vector = Tensor.Create(GramAssert.Elements(GramAssert.Tensor<T>(GramAssert.Rows<T>(20, 1, 5))), [20]);
        Assert.That(Gram.Multiply(x, y, Kernel.Rbf(), vector, Options).Lengths.ToArray(), Is.EqualTo(new nint[] { 30, 1 }));
    }

    [TestCase(0, 5, 2)]
    [TestCase(5, 0, 2)]
    [TestCase(5, 4, 0)]
    public void Nothing_times_nothing_is_nothing(int rows, int columns, int width)
    {
        Tensor<T> product = Gram.Multiply(
            GramAssert.Tensor<T>(new double[rows, 3]), GramAssert.Tensor<T>(new double[columns, 3]), Kernel.Rbf(), GramAssert.Tensor<T>(new double[columns, width]), Options);
        Assert.That(product.Lengths.ToArray(), Is.EqualTo(new nint[] { rows, width }));
        Assert.That(GramAssert.Elements(product), Has.All.EqualTo(T.Zero));
    }

    [Test]
    public void Products_and_neighbours_have_the_same_bits_for_any_threads()
    {
        if (engine.Shared is not HostEngine host) return;
        using HostEngine many = new(4, host.Width);
        using ComputeDevice device = ComputeDevice.Over(many);
        Tensor<T> x = GramAssert.Tensor<T>(GramAssert.Rows<T>(500, 10, 1)), y = GramAssert.Tensor<T>(GramAssert.Rows<T>(2100, 10, 2));
        foreach (int width in (int[])[1, 40])
        {
            Tensor<T> v = GramAssert.Tensor<T>(GramAssert.Rows<T>(2100, width, 3));
            Tensor<T> once = Gram.Multiply(x, y, Kernel.Rbf(), v, new() { Device = device, Threads = 1 });
            foreach (int threads in (int[])[2, 4]) GramAssert.SameBits(Gram.Multiply(x, y, Kernel.Rbf(), v, new() { Device = device, Threads = threads }), once, $"{threads} threads");
        }

        GramNeighbours<T> first = Gram.Neighbours(x, y, Kernel.Rbf(), 7, new() { Device = device, Threads = 1 });
        GramNeighbours<T> second = Gram.Neighbours(x, y, Kernel.Rbf(), 7, new() { Device = device, Threads = 4 });
        GramAssert.SameBits(second.Similarities, first.Similarities, "similarities");
        Assert.That(GramAssert.Elements(second.Indices), Is.EqualTo(GramAssert.Elements(first.Indices)));
    }

    [Test]
    public void Neighbours_are_the_sorted_rows([ValueSource(nameof(Kernels))] Kernel kernel, [Values(1, 5, 40)] int count)
    {
        Tensor<T> x = GramAssert.Tensor<T>(GramAssert.Rows<T>(IsSimulated ? 45 : 130, 4, 1)), y = GramAssert.Tensor<T>(GramAssert.Rows<T>(IsSimulated ? 60 : 1090, 4, 2));
        CheckNeighbours(Gram.Neighbours(x, y, kernel, count, Options), Stored(x, y, kernel), count, excludeSelf: false);
        CheckNeighbours(Gram.Neighbours(x, kernel, count, options: Options), Stored(x, x, kernel), count, excludeSelf: true);
        CheckNeighbours(Gram.Neighbours(x, kernel, count, includeSelf: true, Options), Stored(x, x, kernel), count, excludeSelf: false);

        // Tile by tile as the neighbours see it: K times unit vectors.
        Tensor<T> Stored(Tensor<T> rows, Tensor<T> columns, Kernel of) => ReferenceEquals(rows, columns) ? Gram.Compute(rows, of, Options) : Gram.Compute(rows, columns, of, Options);
    }

    [Test]
    public void Equal_similarities_go_by_place()
    {
        double[,] y = new double[1200, 1];
        for (int j = 0; j < 1200; j++) y[j, 0] = j % 3;
        GramNeighbours<T> neighbours = Gram.Neighbours(GramAssert.Tensor<T>(new double[,] { { 0 }, { 1 } }), GramAssert.Tensor<T>(y), Kernel.Rbf(1), 500, Options);
        for (int place = 0; place < 400; place++)
        {
            Assert.That(neighbours.Indices[0, place], Is.EqualTo(3 * place));
            Assert.That(neighbours.Indices[1, place], Is.EqualTo((3 * place) + 1));
        }

        for (int place = 400; place < 500; place++)
        {
            Assert.That(neighbours.Indices[0, place], Is.EqualTo((3 * (place - 400)) + 1));
            Assert.That(neighbours.Indices[1, place], Is.EqualTo(3 * ((place - 400) / 2) + ((place - 400) % 2 * 2)));
        }
    }

    [Test]
    public void A_row_that_is_no_number_has_no_neighbours_and_is_none()
    {
        double[,] x = GramAssert.Rows<T>(20, 3, 1);
        x[4, 1] = double.NaN;
        GramNeighbours<T> neighbours = Gram.Neighbours(GramAssert.Tensor<T>(x), Kernel.Rbf(), 19, options: new() { Device = engine.Device, NonFinite = NonFiniteInput.Propagate });
        for (int i = 0; i < 20; i++)
        {
            for (int place = 0; place < 19; place++)
            {
                bool none = i == 4 || place == 18;
                Assert.That(neighbours.Indices[i, place], none ? Is.EqualTo(-1) : Is.InRange(0, 19).And.Not.EqualTo(4), $"{i}, {place}");
                Assert.That(T.IsNaN(neighbours.Similarities[i, place]), Is.EqualTo(none));
            }
        }
    }

    [Test]
    public void Progress_cancellation_and_report_are_those_of_any_operation()
    {
        int rows = IsSimulated ? 60 : 400;
        Tensor<T> x = GramAssert.Tensor<T>(GramAssert.Rows<T>(rows, 4, 1)), v = GramAssert.Tensor<T>(GramAssert.Rows<T>(rows, 2, 2));
        ExecutionReport? report = null;
        Gram.Multiply(x, Kernel.Rbf(), v, new() { Device = engine.Device, Report = one => report = one });
        Assert.That(report!.Operation, Is.EqualTo("Gram.Multiply"));
        Assert.That(report.Flops, Is.EqualTo((double)rows * rows * (8 + 1 + 4)));
        using CancellationTokenSource source = new();
        source.Cancel();
        GramOptions cancelled = new() { Device = engine.Device, Cancellation = source.Token };
        Assert.That(() => Gram.Multiply(x, Kernel.Rbf(), v, cancelled), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => Gram.Neighbours(x, Kernel.Rbf(), 3, options: cancelled), Throws.InstanceOf<OperationCanceledException>());
    }

    private static void Check(Tensor<T> product, double[,] gram, double[,] v, Kernel kernel)
    {
        int rows = gram.GetLength(0), terms = gram.GetLength(1), width = v.GetLength(1);
        double[,] expected = new double[rows, width], magnitude = new double[rows, width];
        for (int i = 0; i < rows; i++)
        {
            for (int w = 0; w < width; w++)
            {
                for (int j = 0; j < terms; j++)
                {
                    expected[i, w] += gram[i, j] * v[j, w];
                    magnitude[i, w] += Math.Abs(gram[i, j] * v[j, w]);
                }
            }
        }

        // The tiles' own elements may differ from the stored ones' where a centred mean rounds otherwise.
        GramAssert.Near(product, expected, magnitude, Tolerances.Sum<T>(terms, termError: KernelCases.UsesMeans(kernel) ? 16 * Tolerances.Gram<T>(5) : 0), kernel.ToString());
    }

    private static void CheckNeighbours(GramNeighbours<T> neighbours, Tensor<T> gram, int count, bool excludeSelf)
    {
        for (int i = 0; i < gram.Lengths[0]; i++)
        {
            int row = i;
            int[] sorted =
            [
                .. Enumerable.Range(0, (int)gram.Lengths[1])
                    .Where(j => !excludeSelf || j != row)
                    .OrderByDescending(j => gram[row, j])
                    .ThenBy(j => j)
                    .Take(count),
            ];
            for (int place = 0; place < count; place++)
            {
                Assert.That(neighbours.Indices[i, place], Is.EqualTo(sorted[place]), $"row {i}, place {place}");
                Assert.That(neighbours.Similarities[i, place], Is.EqualTo(gram[i, sorted[place]]), $"row {i}, place {place}");
            }
        }
    }
}
