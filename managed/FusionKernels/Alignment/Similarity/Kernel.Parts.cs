using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Grams;

namespace FusionKernels;

/// <content>The parts that a kernel is composed of.</content>
public abstract partial class Kernel
{
    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>One kernel of the table.</summary>
    private sealed class Basic(string name, GramOpCode code, double? a = null, double b = 0, int degree = 0) : Kernel
    {
        /// <summary>The Matern kernel's smoothness, for people.</summary>
        public double? Nu { get; init; }

        public override string ToString()
        {
            List<string> parameters = [];
            if (Nu is { } nu) parameters.Add($"nu={Text(nu)}");
            if (code is GramOpCode.Polynomial or GramOpCode.Sigmoid) parameters.Add($"gamma={(a is { } g ? Text(g) : "1/d")}, coef0={Text(b)}");
            if (code == GramOpCode.Polynomial) parameters.Add($"degree={degree}");
            if (code is GramOpCode.Matern32 or GramOpCode.Matern52) parameters.Add($"lengthScale={Text(Math.Sqrt(2 * Nu!.Value) / a!.Value)}");
            if (code == GramOpCode.RationalQuadratic) parameters.Add($"alpha={Text(a!.Value)}, lengthScale={Text(Math.Sqrt(1 / (2 * a.Value * b)))}");
            if (code == GramOpCode.Periodic) parameters.Add($"period={Text(1 / b)}, lengthScale={Text(Math.Sqrt(2 / a!.Value))}");
            if (code is GramOpCode.Rbf or GramOpCode.Laplacian or GramOpCode.ChiSquared || (code == GramOpCode.Exponential && Nu is null))
            {
                parameters.Add($"gamma={(a is { } gamma ? Text(gamma) : "1/d")}");
            }

            if (code == GramOpCode.Exponential && Nu is not null) parameters.Add($"lengthScale={Text(1 / a!.Value)}");
            return parameters.Count == 0 ? name : $"{name}({string.Join(", ", parameters)})";
        }

        private protected override void Append(Compiler compiler, int first, int features) =>
            compiler.Ops.Add(new GramOp(code, a ?? 1.0 / Math.Max(1, features), b, degree, first, features));
    }

    /// <summary>A given matrix.</summary>
    private sealed class Given<T>(Tensor<T> values) : Kernel
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override string ToString() => $"precomputed({Shape.Of(values.Lengths)})";

        private protected override void Append(Compiler compiler, int first, int features)
        {
            compiler.Ops.Add(new GramOp(GramOpCode.Precomputed, Index: compiler.Given.Count));
            compiler.Given.Add(values);
        }
    }

    /// <summary>The sum or product of two kernels.</summary>
    private sealed class Combined(GramOpCode code, Kernel left, Kernel right) : Kernel
    {
        public override string ToString() => code == GramOpCode.Add ? $"{left} + {right}" : $"({left}) * ({right})";

        private protected override void Append(Compiler compiler, int first, int features)
        {
            left.Append(compiler, first, features);
            right.Append(compiler, first, features);
            compiler.Ops.Add(new GramOp(code));
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
            compiler.Ops.Add(new GramOp(code, weight));
        }
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
