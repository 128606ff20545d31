using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams.Functions;
using FusionKernels.Kernels.Products;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Products;

/// <summary>Products whose operands are in host memory: brought to the device, computed by plan, brought back.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Accelerators))]
internal sealed class ProductsDeviceTests(TestEngine engine)
{
    [Test]
    public void Host_operands_of_any_layout_come_back_in_place([Values] StridedLayout left, [Values] StridedLayout output, [Values(1, 6, 70)] int columns)
    {
        StridedBatch<float> x = new(21, 9, left, 1), y = new(columns, 9, StridedLayout.RowMajor, 2), result = new(21, columns, output, 3);
        StridedBatch<float> before = new(21, columns, output, 3);
        Run<DotTerm<float>, ScaledSum<float>>(x, y, result, false, new(2, 1));
        Assert.That(result.DamagedGaps(), Is.Zero);
        for (int i = 0; i < 21; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double expected = before[0, i, j], magnitude = Math.Abs(expected);
                for (int k = 0; k < 9; k++)
                {
                    double term = 2.0 * x[0, i, k] * y[0, j, k];
                    expected += term;
                    magnitude += Math.Abs(term);
                }

                Assert.That(result[0, i, j], Is.EqualTo(expected).Within(Tolerances.Product<float>(9) * magnitude), $"({i}, {j})");
            }
        }
    }

    [Test]
    public void Squared_norms_are_computed_where_the_function_needs_them([Values] bool symmetric)
    {
        StridedBatch<float> x = new(19, 5, StridedLayout.Odd, 1), y = symmetric ? x : new(23, 5, StridedLayout.Transposed, 2);
        StridedBatch<float> result = new(19, y.Rows, StridedLayout.RowMajor, 3);
        Run<DotTerm<float>, SquaredDistanceFunction<float>>(x, y, result, symmetric, default);
        for (int i = 0; i < 19; i++)
        {
            for (int j = 0; j < y.Rows; j++)
            {
                double expected = 0;
                for (int k = 0; k < 5; k++) expected += Math.Pow((double)x[0, i, k] - y[0, j, k], 2);
                Assert.That(result[0, i, j], Is.EqualTo(expected).Within(Tolerances.Gram<float>(5) * (1 + expected)), $"({i}, {j})");
            }
        }
    }

    [Test]
    public void Cancellation_comes_before_a_launch()
    {
        StridedBatch<float> x = new(8, 3, StridedLayout.RowMajor, 1), result = new(8, 8, StridedLayout.RowMajor, 2);
        using CancellationTokenSource source = new();
        source.Cancel();
        int live = engine.LiveBuffers;
        Assert.That(
            () => Run<DotTerm<float>, Scaled<float>>(x, x, result, true, new(1), source.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(engine.LiveBuffers, Is.EqualTo(live));
    }

    [Test]
    public void Empty_results_launch_nothing()
    {
        StridedBatch<float> x = new(0, 3, StridedLayout.RowMajor, 1), y = new(4, 3, StridedLayout.RowMajor, 1), result = new(0, 4, StridedLayout.RowMajor, 2);
        Assert.That(() => Run<DotTerm<float>, Scaled<float>>(x, y, result, false, new(1)), Throws.Nothing);
    }

    private unsafe void Run<TTerm, TFunction>(
        StridedBatch<float> x,
        StridedBatch<float> y,
        StridedBatch<float> result,
        bool symmetric,
        TFunction function,
        CancellationToken cancellation = default)
        where TTerm : struct, IPairTerm<float>
        where TFunction : unmanaged, ITileFunction<float>
    {
        fixed (float* left = x.Elements, right = y.Elements, output = result.Elements)
        {
            Call<TTerm, TFunction> call = new()
            {
                X = x.At(left),
                Y = y.At(right),
                Result = result.At(output),
                IsSymmetric = symmetric,
                Function = function,
                Settings = new("test", Cancellation: cancellation),
            };
            engine.Shared.Execute(ref call);
        }
    }

    private struct Call<TTerm, TFunction> : IEngineCall
        where TTerm : struct, IPairTerm<float>
        where TFunction : unmanaged, ITileFunction<float>
    {
        public required Operand<float> X { get; init; }

        public required Operand<float> Y { get; init; }

        public required Operand<float> Result { get; init; }

        public required bool IsSymmetric { get; init; }

        public required TFunction Function { get; init; }

        public required RunSettings Settings { get; init; }

        public readonly string Operation => Settings.Operation;

        public readonly void OnHost(HostEngine engine) => throw new NotSupportedException();

        public readonly void OnAccelerator(AcceleratorEngine engine) =>
            ProductsDevice.Run<float, TTerm, TFunction>(engine, X, Y, Result, IsSymmetric, Function, Settings);
    }
}
