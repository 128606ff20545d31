using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>result(i, j) = function(a(i, j), b(i, j), ...), or that added to what stands there; operands have the result's shape, with strides of 0 where they repeat.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <typeparam name="TFunction">The function.</typeparam>
internal struct MapCall<T, TFunction> : IEngineCall
    where T : unmanaged
    where TFunction : unmanaged, IElementFunction<T>
{
    /// <summary>The result; may be one of the operands.</summary>
    public required Operand<T> Result { get; init; }

    /// <summary>The first operand.</summary>
    public required Operand<T> A { get; init; }

    /// <summary>The second operand, where the function reads one.</summary>
    public Operand<T> B { get; init; }

    /// <summary>The third operand.</summary>
    public Operand<T> C { get; init; }

    /// <summary>The fourth operand.</summary>
    public Operand<T> D { get; init; }

    /// <summary>The function.</summary>
    public required TFunction Function { get; init; }

    /// <summary>Whether values are added to what stands in the result.</summary>
    public bool Adds { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public readonly void OnHost(HostEngine engine) => MapHost<T, TFunction>.Run(engine, this);

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine)
    {
        if (Result.Rows == 0 || Result.Columns == 0) return;
        using DeviceMatrix<T> result = Adds ? engine.Update(Result, Settings) : engine.Write(Result, Settings);
        using DeviceMatrix<T> a = engine.Read(A, Settings);
        using DeviceMatrix<T> b = TFunction.Inputs > 1 ? engine.Read(B, Settings) : default;
        using DeviceMatrix<T> c = TFunction.Inputs > 2 ? engine.Read(C, Settings) : default;
        using DeviceMatrix<T> d = TFunction.Inputs > 3 ? engine.Read(D, Settings) : default;
        MapKernels<T, TFunction>.Instance.Map(engine, result, a, b, c, d, Function, Adds, Settings);
        result.Commit();
    }
}
