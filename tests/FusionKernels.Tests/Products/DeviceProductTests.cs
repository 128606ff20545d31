using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams.Functions;
using FusionKernels.Kernels.Products;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Products;

/// <summary>Every device kernel of tiled products, forced by tile, against sums in float64 over the same elements.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Accelerators))]
[Parallelizable]
internal sealed class DeviceProductTests(TestEngine engine)
{
    /// <summary>Rows, columns and depth around the edges of the tiles and of their steps.</summary>
    private static readonly object[] s_shapes =
    [
        new object[] { ProductTile.Edge8, 7, 9, 5 },
        new object[] { ProductTile.Edge8, 8, 8, 8 },
        new object[] { ProductTile.Edge16, 1, 1, 1 },
        new object[] { ProductTile.Edge16, 17, 15, 16 },
        new object[] { ProductTile.Edge16, 5, 37, 0 },
        new object[] { ProductTile.Edge64, 3, 1, 2 },
        new object[] { ProductTile.Edge64, 64, 64, 16 },
        new object[] { ProductTile.Edge64, 65, 63, 19 },
        new object[] { ProductTile.Edge64, 12, 131, 33 },
        new object[] { ProductTile.Edge128, 128, 128, 8 },
        new object[] { ProductTile.Edge128, 129, 127, 9 },
        new object[] { ProductTile.Edge128, 100, 68, 17 },
    ];

    private static readonly ProductTile[] s_tiles = [ProductTile.Edge8, ProductTile.Edge16, ProductTile.Edge64, ProductTile.Edge128];

    [TestCaseSource(nameof(s_shapes))]
    public void Sums_are_right_at_every_edge_of_a_tile(ProductTile tile, int rows, int columns, int depth)
    {
        foreach ((StridedLayout left, StridedLayout right, StridedLayout output) in Layouts())
        {
            Check<float, DotTerm<float>, Scaled<float>>(new(tile, rows, columns, depth, left, right, output), new(1.5f), Dot, Times(1.5));
            if (tile == ProductTile.Edge128 || !engine.Shared.Description.SupportsFloat64) continue;
            Check<double, DotTerm<double>, Scaled<double>>(new(tile, rows, columns, depth, left, right, output), new(1.5), Dot, Times(1.5));
        }
    }

    [TestCaseSource(nameof(s_tiles))]
    public void What_stands_in_the_result_is_added_to(ProductTile tile)
    {
        foreach (StridedLayout output in Enum.GetValues<StridedLayout>())
        {
            Check<float, DotTerm<float>, ScaledSum<float>>(
                new(tile, 21, 19, 3, StridedLayout.RowMajor, StridedLayout.RowMajor, output), new(2, -3), Dot, (sum, previous) => (2 * sum) - (3 * previous));
        }
    }

    [TestCaseSource(nameof(s_tiles))]
    public void A_symmetric_product_is_symmetric_to_the_last_bit(ProductTile tile)
    {
        int rows = ((int)tile * 2) + 3;
        foreach (StridedLayout output in Enum.GetValues<StridedLayout>())
        {
            StridedBatch<float> result = Check<float, DotTerm<float>, Scaled<float>>(
                new(tile, rows, rows, 5, StridedLayout.Odd, StridedLayout.Odd, output, IsSymmetric: true), new(1), Dot, Times(1));
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < row; column++)
                {
                    Assert.That(
                        BitConverter.SingleToInt32Bits(result[0, row, column]),
                        Is.EqualTo(BitConverter.SingleToInt32Bits(result[0, column, row])),
                        $"({row}, {column})");
                }
            }
        }
    }

    [TestCaseSource(nameof(s_tiles))]
    public void Distances_of_near_pairs_keep_their_digits(ProductTile tile)
    {
        foreach (bool symmetric in (bool[])[false, true])
        {
            Case shape = new(tile, 23, 23, 7, StridedLayout.RowMajor, StridedLayout.Transposed, StridedLayout.Odd, symmetric)
            {
                Centre = 500,
                Scale = 0.5,
                IsNear = true,
            };
            Check<float, DotTerm<float>, SquaredDistanceFunction<float>>(shape, default, SquaredDifference, Times(1), relative: 1e-4);
        }
    }

    [TestCaseSource(nameof(s_tiles))]
    public void A_centre_is_taken_off_both_operands(ProductTile tile) =>
        Check<float, DotTerm<float>, Scaled<float>>(
            new(tile, 13, 18, 11, StridedLayout.Odd, StridedLayout.OddTransposed, StridedLayout.RowMajor) { Centre = 0.25, Scale = 3 },
            new(1),
            Dot,
            Times(1));

    [TestCaseSource(nameof(s_tiles))]
    public void Long_terms_are_summed_in_their_loop(ProductTile tile)
    {
        Case shape = new(tile, 20, 17, 18, StridedLayout.RowMajor, StridedLayout.RowMajor, StridedLayout.RowMajor) { Low = 0 };
        Check<float, ChiSquaredTerm<float>, Scaled<float>>(shape, new(1), (x, y) => x + y == 0 ? 0 : (x - y) * (x - y) / (x + y), Times(1));
        Check<float, AbsoluteDifferenceTerm<float>, Scaled<float>>(shape, new(1), (x, y) => Math.Abs(x - y), Times(1));
    }

    [TestCaseSource(nameof(s_tiles))]
    public void A_batch_runs_as_its_matrices_do(ProductTile tile) =>
        Check<float, DotTerm<float>, Scaled<float>>(
            new(tile, 9, 20, 6, StridedLayout.Odd, StridedLayout.RowMajor, StridedLayout.Odd) { Batch = 3 }, new(1), Dot, Times(1));

    [TestCaseSource(nameof(s_tiles))]
    public void Launches_divide_the_tiles_without_a_trace(ProductTile tile)
    {
        int rows = ((int)tile * 3) - 1;
        Case shape = new(tile, rows, rows, 2, StridedLayout.RowMajor, StridedLayout.RowMajor, StridedLayout.RowMajor, IsSymmetric: true) { Batch = 2 };
        StridedBatch<float> whole = Check<float, DotTerm<float>, Scaled<float>>(shape, new(1), Dot, Times(1));
        StridedBatch<float> divided = Check<float, DotTerm<float>, Scaled<float>>(shape with { TilesPerLaunch = 5 }, new(1), Dot, Times(1));
        Assert.That(divided.Elements, Is.EqualTo(whole.Elements));
    }

    private static double Dot(double x, double y) => x * y;

    private static double SquaredDifference(double x, double y) => (x - y) * (x - y);

    private static Func<double, double, double> Times(double alpha) => (sum, _) => alpha * sum;

    private static IEnumerable<(StridedLayout Left, StridedLayout Right, StridedLayout Output)> Layouts() =>
    [
        (StridedLayout.RowMajor, StridedLayout.RowMajor, StridedLayout.RowMajor),
        (StridedLayout.Transposed, StridedLayout.Odd, StridedLayout.Odd),
        (StridedLayout.OddTransposed, StridedLayout.Transposed, StridedLayout.Transposed),
    ];

    /// <summary>Runs a product and compares every element and every gap; returns the result.</summary>
    private StridedBatch<T> Check<T, TTerm, TFunction>(
        Case shape, TFunction function, Func<double, double, double> term, Func<double, double, double> finish, double? relative = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TTerm : struct, IPairTerm<T>
        where TFunction : unmanaged, ITileFunction<T>
    {
        (StridedBatch<T> x, StridedBatch<T> y, StridedBatch<T> before) = Operands<T>(shape);
        (_, _, StridedBatch<T> result) = Operands<T>(shape);
        T[] centre = [.. Enumerable.Repeat(T.CreateChecked(shape.Centre ?? 0), shape.Depth)];
        using DeviceBuffer<T> xBuffer = x.Upload(engine.Shared), yBuffer = y.Upload(engine.Shared), resultBuffer = result.Upload(engine.Shared);
        using DeviceBuffer<T> centreBuffer = engine.Shared.Allocate<T>(shape.Depth, "test");
        engine.Shared.Upload<T>(centre, centreBuffer, 0);
        DeviceProductCall<T, TTerm, TFunction> call = new()
        {
            X = x,
            Y = y,
            Result = result,
            XBuffer = xBuffer,
            YBuffer = shape.IsSymmetric ? xBuffer : yBuffer,
            ResultBuffer = resultBuffer,
            Function = function,
            Tile = shape.Tile,
            IsSymmetric = shape.IsSymmetric,
            Centre = shape.Centre is null ? null : centreBuffer,
            Scale = T.CreateChecked(shape.Scale),
            TilesPerLaunch = shape.TilesPerLaunch,
            Settings = new("test"),
        };
        engine.Shared.Execute(ref call);
        result.Download(resultBuffer);

        Assert.That(result.DamagedGaps(), Is.Zero, "elements written between the rows");
        double unit = relative ?? (8 + shape.Depth) * double.CreateChecked(T.BitIncrement(T.One) - T.One);
        ForEach(result, (matrix, row, column) =>
        {
            (double sum, double magnitude) = Sum(shape, x, y, matrix, row, column, term);
            double expected = finish(sum, double.CreateChecked(before[matrix, row, column]));
            double bound = unit * Math.Max(relative is null ? magnitude * 4 : Math.Abs(expected), relative is null ? 1 : 0);
            double actual = double.CreateChecked(result[matrix, row, column]);
            if (!(Math.Abs(actual - expected) <= bound)) Assert.Fail($"{shape} ({matrix}, {row}, {column}): {actual:R}, expected {expected:R}");
        });
        return result;
    }

    private static (StridedBatch<T> X, StridedBatch<T> Y, StridedBatch<T> Result) Operands<T>(Case shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        StridedBatch<T> x = new(shape.Rows, shape.Depth, shape.Left, 1, shape.Batch, shape.Low);
        StridedBatch<T> y = shape.IsSymmetric ? x : new(shape.Columns, shape.Depth, shape.Right, 2, shape.Batch, shape.Low);
        if (shape.IsNear)
        {
            // Far from the origin, and the second half of the rows a few units in the last place from the first.
            ForEach(x, (matrix, row, column) => x[matrix, row, column] += T.CreateChecked(shape.Centre!.Value));
            int half = shape.Rows / 2;
            ForEach(x, (matrix, row, column) =>
            {
                if (row >= half) x[matrix, row, column] = x[matrix, row - half, column];
                if (row >= half && column == 0) x[matrix, row, column] = T.BitIncrement(x[matrix, row, column]);
            });
            if (!shape.IsSymmetric) ForEach(y, (matrix, row, column) => y[matrix, row, column] = x[matrix, row, column]);
        }

        return (x, y, new(shape.Rows, shape.Columns, shape.Output, 3, shape.Batch));
    }

    private static (double Sum, double Magnitude) Sum<T>(
        Case shape, StridedBatch<T> x, StridedBatch<T> y, int matrix, int row, int column, Func<double, double, double> term)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (double sum, double magnitude) = (0, 0);
        for (int k = 0; k < shape.Depth; k++)
        {
            double one = term(Prepared(shape, x[matrix, row, k]), Prepared(shape, y[matrix, column, k]));
            sum += one;
            magnitude += Math.Abs(one);
        }

        return (sum, magnitude);
    }

    private static double Prepared<T>(Case shape, T element)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        shape.Centre is { } centre ? (double.CreateChecked(element) - centre) * shape.Scale : double.CreateChecked(element);

    private static void ForEach<T>(StridedBatch<T> matrix, Action<int, int, int> visit)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int one = 0; one < matrix.Batch; one++)
        {
            for (int row = 0; row < matrix.Rows; row++)
            {
                for (int column = 0; column < matrix.Columns; column++) visit(one, row, column);
            }
        }
    }

    /// <summary>One product to run.</summary>
    private sealed record Case(
        ProductTile Tile, int Rows, int Columns, int Depth, StridedLayout Left, StridedLayout Right, StridedLayout Output, bool IsSymmetric = false)
    {
        public double? Centre { get; init; }

        public double Scale { get; init; } = 1;

        public double Low { get; init; } = -1;

        public int Batch { get; init; } = 1;

        public int TilesPerLaunch { get; init; }

        public bool IsNear { get; init; }
    }
}
