using FusionKernels.Kernels.Engines;

namespace FusionKernels.Kernels.Elementwise;

/// <summary>result(i, 0) = factor times the sum over j of function(a(i, j), ...), or result(0, j) that over i, or either added to what stands there.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <typeparam name="TFunction">What is summed.</typeparam>
internal struct SumCall<T, TFunction> : IEngineCall
    where T : unmanaged
    where TFunction : unmanaged, IElementFunction<T>
{
    /// <summary>The sums: rows x 1 or 1 x columns.</summary>
    public required Operand<T> Result { get; init; }

    /// <summary>The first operand, whose shape is that of the others too.</summary>
    public required Operand<T> A { get; init; }

    /// <summary>The second operand, where the function reads one.</summary>
    public Operand<T> B { get; init; }

    /// <summary>What is summed.</summary>
    public required TFunction Function { get; init; }

    /// <summary>Whether columns are summed up rather than rows.</summary>
    public required bool OfColumns { get; init; }

    /// <summary>Columns of the last row, where it is shorter than the others; 0 for a whole one.</summary>
    public int LastColumns { get; init; }

    /// <summary>Factor of the sums.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>Whether sums are added to what stands in the result.</summary>
    public bool Adds { get; init; }

    /// <summary>How to run.</summary>
    public required RunSettings Settings { get; init; }

    /// <summary>Sums.</summary>
    public SumCall()
    {
    }

    /// <inheritdoc/>
    public readonly string Operation => Settings.Operation;

    /// <inheritdoc/>
    public readonly void OnHost(HostEngine engine) => SumHost<T, TFunction>.Run(engine, this);

    /// <inheritdoc/>
    public readonly void OnAccelerator(AcceleratorEngine engine)
    {
        if (Result.Rows == 0 || Result.Columns == 0) return;
        using DeviceMatrix<T> result = Adds ? engine.Update(Result, Settings) : engine.Write(Result, Settings);
        using DeviceMatrix<T> a = engine.Read(A, Settings);
        using DeviceMatrix<T> b = TFunction.Inputs > 1 ? engine.Read(B, Settings) : default;
        SumKernels<T, TFunction>.Instance.Run(engine, result, a, b, this);
        result.Commit();
    }
}
