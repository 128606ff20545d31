using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Grams;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Grams;

/// <summary>Inputs of Gram tests, and what every Gram matrix must fulfil.</summary>
internal static class GramAssert
{
    /// <summary>Values between -1 and 1 (0 and 1 for histograms, a tenth of them 0), rounded to the element's precision.</summary>
    public static double[,] Rows<T>(int rows, int features, int seed, bool histograms = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = new(seed);
        double[,] values = new double[rows, features];
        for (int i = 0; i < rows; i++)
        {
            for (int k = 0; k < features; k++)
            {
                double value = random.NextDouble();
                values[i, k] = double.CreateChecked(T.CreateChecked(histograms ? (random.Next(10) == 0 ? 0 : value) : (2 * value) - 1));
            }
        }

        return values;
    }

    /// <summary>A dense tensor.</summary>
    public static Tensor<T> Tensor<T>(double[,] values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] elements = [.. values.Cast<double>().Select(T.CreateChecked)];
        return System.Numerics.Tensors.Tensor.Create(elements, [values.GetLength(0), values.GetLength(1)]);
    }

    /// <summary>The values of a matrix.</summary>
    public static double[,] Array<T>(Tensor<T> tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[,] values = new double[tensor.Lengths[0], tensor.Lengths[1]];
        for (int i = 0; i < values.GetLength(0); i++)
        {
            for (int j = 0; j < values.GetLength(1); j++) values[i, j] = double.CreateChecked(tensor[i, j]);
        }

        return values;
    }

    /// <summary>The elements in row-major order.</summary>
    public static T[] Elements<T>(Tensor<T> tensor)
    {
        T[] elements = new T[tensor.FlattenedLength];
        tensor.FlattenTo(elements);
        return elements;
    }

    /// <summary>Fails unless the bits of two tensors are the same.</summary>
    public static void SameBits<T>(Tensor<T> actual, Tensor<T> expected, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] left = Elements(actual), right = Elements(expected);
        Assert.That(left, Has.Length.EqualTo(right.Length), what);
        for (int i = 0; i < left.Length; i++)
        {
            if (!left[i].Equals(right[i])) Assert.Fail($"{what}: element {i} is {left[i]}, expected the bits of {right[i]}");
        }
    }

    /// <summary>Fails unless every element agrees with the definition.</summary>
    public static void Near<T>(Tensor<T> actual, Kernel kernel, double[,] x, double[,] y, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        GramProgram program = kernel.Compile(x.GetLength(1)).Program;
        double[,] magnitude = GramReference.Compute(Unweighted(program), Magnitude(x), ReferenceEquals(x, y) ? Magnitude(x) : Magnitude(y));
        Near(actual, GramReference.Compute(program, x, y), magnitude, MeansFactor(kernel) * Tolerances.Gram<T>(x.GetLength(1)), what);
    }

    /// <summary>Fails unless every element is within the tolerance of 1 plus its magnitude.</summary>
    public static void Near<T>(Tensor<T> actual, double[,] expected, double[,] magnitude, double tolerance, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.That(actual.Lengths.ToArray(), Is.EqualTo(new nint[] { expected.GetLength(0), expected.GetLength(1) }), what);
        for (int i = 0; i < expected.GetLength(0); i++)
        {
            for (int j = 0; j < expected.GetLength(1); j++)
            {
                double value = double.CreateChecked(actual[i, j]), error = Math.Abs(value - expected[i, j]);
                if (!(error <= tolerance * (1 + Math.Abs(magnitude[i, j]))))
                {
                    Assert.Fail(FormattableString.Invariant($"{what}: [{i}, {j}] is {value}, expected {expected[i, j]} (error {error:e2}, allowed {tolerance * (1 + Math.Abs(magnitude[i, j])):e2})"));
                }
            }
        }
    }

    /// <summary>Fails unless the matrix is symmetric to the last bit.</summary>
    public static void Symmetric<T>(Tensor<T> gram, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < gram.Lengths[0]; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (!gram[i, j].Equals(gram[j, i])) Assert.Fail($"{what}: [{i}, {j}] is {gram[i, j]}, [{j}, {i}] is {gram[j, i]}");
            }
        }
    }

    /// <summary>The kernel of magnitudes bounds every intermediate sum; centring and normalising would make it small again.</summary>
    private static GramProgram Unweighted(GramProgram program) =>
        new([.. program.Ops.Where(op => op.Code is not (GramOpCode.Centre or GramOpCode.Normalise))]);

    /// <summary>Centring subtracts three values with errors of their own, and small norms enlarge what they divide.</summary>
    private static double MeansFactor(Kernel kernel) => KernelCases.UsesMeans(kernel) ? 16 : 1;

    private static double[,] Magnitude(double[,] values)
    {
        double[,] magnitudes = new double[values.GetLength(0), values.GetLength(1)];
        for (int i = 0; i < values.GetLength(0); i++)
        {
            for (int k = 0; k < values.GetLength(1); k++) magnitudes[i, k] = Math.Abs(values[i, k]);
        }

        return magnitudes;
    }
}
