using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Products;
using ILGPU.Runtime;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>result = activation(x wᵀ + bias): bias and activation while the sums are still in registers.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <typeparam name="TActivation">The activation.</typeparam>
internal struct LinearCall<T, TActivation> : IEngineCall
    where T : unmanaged, INumberBase<T>
    where TActivation : unmanaged, IActivation<T>
{
    /// <summary>The largest depth; deeper products go through passes that know no bias.</summary>
    public const int MaxDepth = HostBlocking.PassDepth;

    /// <summary>rows x depth.</summary>
    public required Operand<T> X { get; init; }

    /// <summary>columns x depth.</summary>
    public required Operand<T> W { get; init; }

    /// <summary>1 x columns, consecutive.</summary>
    public required Operand<T> Bias { get; init; }

    /// <summary>rows x columns, columns consecutive.</summary>
    public required Operand<T> Result { get; init; }

    /// <summary>The activation.</summary>
    public required TActivation Activation { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public readonly unsafe void OnHost(HostEngine engine)
    {
        TiledProduct<T> product = TiledProduct<T>.Over(engine, X, W, Result, symmetric: false, Settings.Operation);
        product.ColumnValues = engine.Resolve(Bias, Settings.Operation);
        TiledProductHost.Run<T, DotTerm<T>, BiasedActivation<T, TActivation>>(engine, product, new(Activation), Settings);
    }

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine)
    {
        if (Result.Rows == 0 || Result.Columns == 0) return;
        using DeviceMatrix<T> x = engine.Read(X, Settings);
        using DeviceMatrix<T> w = engine.Read(W, Settings);
        using DeviceMatrix<T> bias = engine.Read(Bias, Settings);
        using DeviceMatrix<T> result = engine.Write(Result, Settings);
        using DeviceMatrix<T> zeros = engine.Temporary<T>(1, Result.Rows, Settings);
        zeros.View.MemSetToZero(engine.Accelerator.DefaultStream);
        DeviceProduct<T> product = new()
        {
            X = x,
            Y = w,
            Result = result,
            RowValues = zeros.View,
            ColumnValues = bias.View.SubView(bias.Offset, Bias.Columns),
        };
        TiledProductDevice.Run<T, DotTerm<T>, BiasedActivation<T, TActivation>>(engine, product, new(Activation), Settings);
        result.Commit();
    }
}
