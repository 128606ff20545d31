using System.Numerics;
using FusionKernels.Kernels.Simd;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using NUnit.Framework;

namespace FusionKernels.Tests.Simd;

/// <summary>The device lanes after ILGPU's compiler: the same bits as before it, and nothing left in PTX that was to fold.</summary>
[TestFixture(typeof(Lane32), typeof(float))]
[TestFixture(typeof(Lane64), typeof(double))]
internal sealed class DeviceLaneTests<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Context _context =
        Context.Create(builder => builder.EnableAlgorithms().CPU(CPUDeviceKind.Default).Optimize(OptimizationLevel.O2));

    [OneTimeTearDown]
    public void DisposeContext() => _context.Dispose();

    [Test]
    public void Functions_compute_the_same_bits_after_compilation([Values] ElementaryFunction function)
    {
        V[] arguments = Elementary.ToLanes<V, T>(Arguments());
        using Accelerator accelerator = _context.CreateCPUAccelerator(0);
        using MemoryBuffer1D<V, Stride1D.Dense> source = accelerator.Allocate1D(arguments);
        using MemoryBuffer1D<V, Stride1D.Dense> target = accelerator.Allocate1D<V>(arguments.Length);
        Action<Index1D, ArrayView<V>, ArrayView<V>> kernel = accelerator.LoadAutoGroupedStreamKernel(KernelOf(function));
        kernel(arguments.Length, source.View, target.View);
        accelerator.Synchronize();

        T[] computed = Elementary.FromLanes<V, T>(target.GetAsArray1D());
        Assert.That(computed, Is.EqualTo(Elementary.Map(Elementary.Of<V, T>(function), Arguments())));
    }

    [Test]
    public void Functions_compile_to_straight_code_of_one_precision([Values] ElementaryFunction function)
    {
        string ptx = CompileToPtx(function);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ptx, Does.Not.Contain(typeof(T) == typeof(float) ? "f64" : "f32"));
            Assert.That(ptx, Does.Not.Contain(".extern").And.Not.Contain(".local").And.Not.Contain("cvt.").And.Not.Contain("bra"));
        }
    }

    [Test]
    public void Comparisons_with_constants_stay_false_for_NaN([Values] ElementaryFunction function) =>
        Assert.That(CompileToPtx(function), Does.Not.Match(@"setp\.(lt|le|gt|ge)u\."));

    private static T[] Arguments()
    {
        double[] positive =
        [
            0, 1, 0.1, 0.25, 0.5, 0.6, 0.7, 1.4, 2, 3.75, 9.5, 19, 42, 88.7, 88.8, 104, 710, 746, 1e-3, 1e-10, 1e-38, 1e-44, 1e-310,
            4194303.5, 4194305, 8388607.5, 1e9, 1e38, double.PositiveInfinity, double.NaN,
        ];
        return [.. positive.Select(T.CreateTruncating), .. positive.Select(x => -T.CreateTruncating(x))];
    }

    private static Action<Index1D, ArrayView<V>, ArrayView<V>> KernelOf(ElementaryFunction function) => function switch
    {
        ElementaryFunction.Exp => ExpKernel,
        ElementaryFunction.Log => LogKernel,
        ElementaryFunction.Tanh => TanhKernel,
        ElementaryFunction.SinSquaredPi => SinSquaredPiKernel,
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    private static void ExpKernel(Index1D i, ArrayView<V> source, ArrayView<V> target) => target[i] = VectorMath.Exp<V, T>(source[i]);

    private static void LogKernel(Index1D i, ArrayView<V> source, ArrayView<V> target) => target[i] = VectorMath.Log<V, T>(source[i]);

    private static void TanhKernel(Index1D i, ArrayView<V> source, ArrayView<V> target) => target[i] = VectorMath.Tanh<V, T>(source[i]);

    private static void SinSquaredPiKernel(Index1D i, ArrayView<V> source, ArrayView<V> target) =>
        target[i] = VectorMath.SinSquaredPi<V, T>(source[i]);

    private string CompileToPtx(ElementaryFunction function)
    {
        using PTXBackend backend = new(_context, CudaArchitecture.SM_80, CudaInstructionSet.ISA_70, nvvmAPI: null!);
        EntryPointDescription entry = EntryPointDescription.FromImplicitlyGroupedKernel(KernelOf(function).Method);
        return ((PTXCompiledKernel)backend.Compile(entry, default)).PTXAssembly;
    }
}
