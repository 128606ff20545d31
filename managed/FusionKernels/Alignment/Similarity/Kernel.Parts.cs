using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Grams;

namespace FusionKernels;

/// <content>The parts that a kernel is composed of.</content>
public abstract partial class Kernel
{
    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Which coefficient of a step a parameter decides.</summary>
    private enum Coefficient
    {
        None,
        A,
        B,
    }

    /// <summary>A parameter as the caller gave it.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Value">Its value; null for 1 / d.</param>
    /// <param name="Decides">The coefficient that follows from it.</param>
    private readonly record struct Parameter(string Name, double? Value, Coefficient Decides = Coefficient.None)
    {
        public override string ToString() => $"{Name}={(Value is { } value ? Text(value) : "1/d")}";
    }

    /// <summary>One kernel of the table.</summary>
    private sealed class Basic(string name, GramOpCode code, double? a = null, double b = 0, int degree = 0) : Kernel
    {
        /// <summary>The parameters, for people.</summary>
        public Parameter[] Parameters { get; init; } = [];

        public override string ToString() => Parameters.Length == 0 ? name : $"{name}({string.Join(", ", Parameters)})";

        private protected override void Append(Compiler compiler, int first, int features) =>
            compiler.Add(this, new GramOp(code, a ?? 1.0 / Math.Max(1, features), b, degree, first, features));

        private protected override string ParameterOf(bool isA) =>
            Array.Find(Parameters, one => one.Decides == (isA ? Coefficient.A : Coefficient.B)).ToString();
    }

    /// <summary>A given matrix.</summary>
    private sealed class Given<T>(Tensor<T> values) : Kernel
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override string ToString() => $"precomputed({Shape.Of(values.Lengths)})";

        private protected override void Append(Compiler compiler, int first, int features)
        {
            compiler.Add(this, new GramOp(GramOpCode.Precomputed, Index: compiler.Given.Count));
            compiler.Given.Add(values);
        }
    }

    /// <summary>The sum or product of two kernels.</summary>
    private sealed class Combined(GramOpCode code, Kernel left, Kernel right) : Kernel
    {
        public override string ToString() => code == GramOpCode.Add ? $"{left} + {(right is Combined { IsSum: true } ? $"({right})" : right)}" : $"({left}) * ({right})";

        private bool IsSum => code == GramOpCode.Add;

        private protected override void Append(Compiler compiler, int first, int features)
        {
            left.Append(compiler, first, features);
            right.Append(compiler, first, features);
            compiler.Add(this, new GramOp(code));
        }
    }

    /// <summary>A kernel weighted, centred or normalised.</summary>
    private sealed class Changed(GramOpCode code, Kernel kernel, double weight) : Kernel
    {
        public override string ToString() => code switch
        {
            GramOpCode.Scale => kernel is Combined ? $"{Text(weight)} * ({kernel})" : $"{Text(weight)} * {kernel}",
            GramOpCode.Centre => $"centred({kernel})",
            _ => $"normalised({kernel})",
        };

        private protected override void Append(Compiler compiler, int first, int features)
        {
            kernel.Append(compiler, first, features);
            compiler.Add(this, new GramOp(code, weight));
        }

        private protected override string ParameterOf(bool isA) => $"weight={Text(weight)}";
    }

    /// <summary>A kernel of some of the features.</summary>
    private sealed class Restricted(Kernel kernel, Range range) : Kernel
    {
        public override string ToString() => $"{(kernel is Combined ? $"({kernel})" : kernel)}[{range}]";

        private protected override void Append(Compiler compiler, int first, int features)
        {
            int start = range.Start.GetOffset(features), end = range.End.GetOffset(features);
            if (start < 0 || end > features || start >= end)
            {
                throw new ArgumentException(
                    $"{this}: the range {range} holds no features of the {features} there are{(features == compiler.Features ? "" : $" (of {compiler.Features} in all)")}");
            }

            kernel.Append(compiler, first + start, end - start);
        }
    }
}
