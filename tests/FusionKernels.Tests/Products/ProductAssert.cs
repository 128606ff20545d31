using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;
using Family = FusionKernels.Kernels.Products.Products;

namespace FusionKernels.Tests.Products;

/// <summary>Random operands, and what every product must fulfil.</summary>
internal static class ProductAssert
{
    /// <summary>Rows, columns and depth: nothing, one, primes, a tile of every width less one, a tile, a tile and one, a depth block and one, a pass and one.</summary>
    public static readonly (int Rows, int Columns, int Depth)[] Shapes =
    [
        (0, 5, 3), (5, 0, 3), (5, 3, 0), (0, 0, 0), (1, 1, 1), (1, 37, 19), (41, 1, 23), (2, 3, 5), (5, 7, 6), (6, 8, 7), (7, 9, 8),
        (11, 31, 17), (12, 32, 192), (13, 33, 385), (97, 101, 103), (191, 65, 193), (193, 67, 384), (3, 130, 4099),
    ];

    /// <summary>What of <see cref="Shapes"/> a simulated device, which needs a thread of the system per lane, computes in seconds.</summary>
    public static readonly (int Rows, int Columns, int Depth)[] SmallShapes =
        [(0, 5, 3), (5, 0, 3), (5, 3, 0), (1, 1, 1), (1, 17, 9), (15, 1, 23), (5, 7, 6), (17, 19, 21), (3, 66, 5)];

    /// <summary>Values between -1 and 1, rounded to the element's precision.</summary>
    public static double[,] Random<T>(int rows, int columns, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = new(seed);
        double[,] values = new double[rows, columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++) values[i, j] = double.CreateChecked(T.CreateChecked((2 * random.NextDouble()) - 1));
        }

        return values;
    }

    /// <summary>Multiplies with given layouts and compares with the reference, guard elements included.</summary>
    public static void Multiplies<T>(
        Engine engine, (int Rows, int Columns, int Depth) shape, OperandLayout a, OperandLayout b, OperandLayout result, double alpha, double beta, int threads = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string what = $"{engine.Name} {typeof(T).Name} {shape.Rows} x {shape.Columns} x {shape.Depth}, {a}, {b} -> {result}, alpha {alpha}, beta {beta}";
        double[,] left = Random<T>(shape.Rows, shape.Depth, 1), right = Random<T>(shape.Depth, shape.Columns, 2);
        double[,] before = Random<T>(shape.Rows, shape.Columns, 3);
        StridedMatrix<T> target = new(before, result);
        Family.Multiply(
            engine, new StridedMatrix<T>(left, a).Ref, new StridedMatrix<T>(right, b).Ref, target.Ref, T.CreateChecked(alpha), T.CreateChecked(beta), new("Multiply", threads));
        Near<T>(
            target.ToArray(),
            ProductsReference.Multiply(alpha, left, right, beta, before),
            ProductsReference.Magnitude(alpha, left, right, beta, before),
            shape.Depth,
            what);
        target.AssertGuardsIntact(what);
    }

    /// <summary>Fails unless every element is within the tolerance of its magnitude.</summary>
    public static void Near<T>(double[,] actual, double[,] expected, double[,] magnitude, int depth, string what)
    {
        double tolerance = Tolerances.Product<T>(depth);
        for (int i = 0; i < expected.GetLength(0); i++)
        {
            for (int j = 0; j < expected.GetLength(1); j++)
            {
                double error = Math.Abs(actual[i, j] - expected[i, j]);
                if (!(error <= tolerance * magnitude[i, j])) Assert.Fail($"{what}: element {i}, {j} is {actual[i, j]}, expected {expected[i, j]} (error {error:e2})");
            }
        }
    }
}
