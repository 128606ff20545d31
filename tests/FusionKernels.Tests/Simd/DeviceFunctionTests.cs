using System.Numerics;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Elementwise;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Simd;

/// <summary>The elementary functions as the compilers of devices leave them, which may fuse a * b + c or not.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Accelerators))]
[Parallelizable]
public sealed class DeviceFunctionTests(TestEngine engine)
{
    private static readonly RunSettings s_settings = new("Test.Function");

    private bool IsSimulated => engine.Kind == DeviceKind.IlgpuCpu;

    [Test]
    public void Error_in_float32_is_bounded([Values] ElementaryFunction function)
    {
        // The stride is prime, so that the sample meets every exponent with mantissas of its own.
        float[] arguments = [.. SingleArguments.AroundSpecial(IsSimulated ? 64 : 1000), .. SingleArguments.Every(IsSimulated ? 131_071 : 8191)];
        (double worst, float at) = SingleOracle.Worst(function, arguments, Map(function, arguments));
        TestContext.Out.WriteLine($"{function}, {engine}: {worst:F4} ulp at {at:R}");
        Assert.That(worst, Is.LessThanOrEqualTo(Tolerances.Ulps.SingleUnfused.Of(function)), $"{function}({at:R})");
    }

    [Test]
    public void Error_in_float64_is_bounded([Values] ElementaryFunction function)
    {
        RequireFloat64();
        double[] arguments = [.. DoubleArguments.Of(function, count: IsSimulated ? 900 : 6000, seed: 22)];
        (double worst, double at) = DoubleOracle.Worst(function, arguments, Map(function, arguments));
        TestContext.Out.WriteLine($"{function}, {engine}: {worst:F4} ulp at {at:R}");
        Assert.That(worst, Is.LessThanOrEqualTo(Tolerances.Ulps.DoubleUnfused.Of(function)), $"{function}({at:R})");
    }

    [Test]
    public void Exceptional_arguments_have_their_exact_answers([Values] ElementaryFunction function)
    {
        double[] arguments = [0.0, -0.0, double.PositiveInfinity, double.NegativeInfinity, double.NaN];
        double[] expected = [.. arguments.Select(SingleOracle.Of(function))];
        float[] computed = Map(function, [.. arguments.Select(x => (float)x)]);
        Assert.That(computed.Select(x => (double)x), Is.EqualTo(expected), "float32");
        if (function == ElementaryFunction.Tanh) Assert.That(float.IsNegative(computed[1]), Is.True, "tanh(-0)");
        RequireFloat64();
        Assert.That(Map(function, arguments), Is.EqualTo(expected), "float64");
    }

    private void RequireFloat64() => Assume.That(engine.Device.Description.SupportsFloat64, "the device has no float64");

    private T[] Map<T>(ElementaryFunction function, T[] arguments)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => function switch
        {
            ElementaryFunction.Exp => Map(arguments, default(ExpFunction<T>)),
            ElementaryFunction.Log => Map(arguments, default(LogFunction<T>)),
            ElementaryFunction.Tanh => Map(arguments, default(ActivationFunction<T, TanhActivation<T>>)),
            ElementaryFunction.SinSquaredPi => Map(arguments, default(SinSquaredPiFunction<T>)),
            _ => throw new ArgumentOutOfRangeException(nameof(function)),
        };

    private unsafe T[] Map<T, TFunction>(T[] arguments, TFunction function)
        where T : unmanaged
        where TFunction : unmanaged, IElementFunction<T>
    {
        T[] results = new T[arguments.Length];
        fixed (T* from = arguments, to = results)
        {
            MapCall<T, TFunction> call = new() { Function = function, A = Row(from), Result = Row(to), Settings = s_settings };
            engine.Shared.Execute(ref call);
        }

        return results;

        Operand<T> Row(T* first) => new(first, null, 0, 1, arguments.Length, arguments.Length, 1);
    }
}

/// <summary>sin^2(pi a), which no elementwise operation takes alone.</summary>
internal readonly struct SinSquaredPiFunction<T> : IElementFunction<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public static int Inputs => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V a, V b, V c, V d)
        where V : unmanaged, IVector<V, T> => VectorMath.SinSquaredPi<V, T>(a);
}
