using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Learnings;

/// <summary>Gradients of a tape against central differences in float64.</summary>
internal static class GradientCheck
{
    private const double Step = 1e-5;

    /// <summary>Values of a shape between -1 and 1, none near 0.</summary>
    public static Tensor<double> Values(int seed, params int[] lengths)
    {
        Random random = new(seed);
        double[] values = new double[lengths.Aggregate(1, (product, length) => product * length)];
        for (int i = 0; i < values.Length; i++) values[i] = (random.NextDouble() < 0.5 ? -1 : 1) * (0.1 + (0.9 * random.NextDouble()));
        return Tensor.Create(values, lengths.Select(length => (nint)length).ToArray());
    }

    /// <summary>Compares the gradients of a weighted sum of the function's value with respect to every element of its operands.</summary>
    public static void Run(TestEngine engine, Func<Var<double>[], Var<double>> function, params Tensor<double>[] operands)
    {
        if (!engine.Device.Description.SupportsFloat64) Assert.Ignore($"{engine.Name} has no float64");
        ParameterSet<double> parameters = new();
        Parameter<double>[] inputs = [.. operands.Select((operand, i) => parameters.Add($"{i}", Initializer.Zeros, operand.Lengths.ToArray().Select(length => (int)length).ToArray()))];
        for (int i = 0; i < inputs.Length; i++) inputs[i].Write(operands[i]);
        using Tape<double> tape = new(engine.Device);
        tape.IsTraining = true;
        tape.Backward(Loss());
        Tensor<double>[] gradients = [.. inputs.Select(input => input.ReadGradient())];
        for (int i = 0; i < inputs.Length; i++)
        {
            double[] values = Flat(operands[i]), gradient = Flat(gradients[i]);
            for (int j = 0; j < values.Length; j++)
            {
                double above = Moved(i, values, j, Step), below = Moved(i, values, j, -Step), expected = (above - below) / (2 * Step);
                Assert.That(gradient[j], Is.EqualTo(expected).Within(Tolerances.GradientAgainstDifferences * Math.Max(1, Math.Abs(expected))), $"operand {i}, element {j}");
            }

            inputs[i].Write(operands[i]);
        }

        Var<double> Loss()
        {
            tape.Clear();
            Var<double> value = function([.. inputs.Select(tape.Of)]);
            int[] lengths = value.Lengths.ToArray().Select(length => (int)length).ToArray();
            return lengths.Length == 0 ? value : (value * tape.Constant(Values(99, lengths))).Sum();
        }

        double Moved(int i, double[] values, int j, double by)
        {
            double[] moved = (double[])values.Clone();
            moved[j] += by;
            inputs[i].Write(Tensor.Create(moved, operands[i].Lengths));
            return Loss().ToScalar();
        }
    }

    /// <summary>The elements, row-major.</summary>
    public static T[] Flat<T>(Tensor<T> tensor)
    {
        T[] values = new T[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return values;
    }
}
