using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Grams;

/// <summary>One step of a <see cref="GramProgram"/> as a device reads it.</summary>
/// <typeparam name="T">The element.</typeparam>
internal struct DeviceGramOp<T>
    where T : unmanaged
{
    /// <summary>The <see cref="GramOpCode"/>.</summary>
    public int Code;

    /// <summary>The degree of a polynomial.</summary>
    public int Degree;

    /// <summary>Which of the tile's statistics a kernel reads, or which given matrix stands behind them.</summary>
    public int Slot;

    /// <summary>Which vectors of values per row and column the step reads.</summary>
    public int Vector;

    /// <summary>First parameter; the mean of a centring step.</summary>
    public T A;

    /// <summary>Minus the first parameter.</summary>
    public T MinusA;

    /// <summary>Second parameter.</summary>
    public T B;

    /// <summary>The step of a program.</summary>
    /// <param name="op">The step.</param>
    /// <param name="slot">Where its statistic or its given matrix stands; -1 for none.</param>
    /// <param name="vector">Where its values per row stand; -1 for none.</param>
    /// <param name="mean">The mean of a centring step.</param>
    public static DeviceGramOp<T> Of(in GramOp op, int slot, int vector, double mean) => new()
    {
        Code = (int)op.Code,
        Degree = op.Index,
        Slot = slot,
        Vector = vector,
        A = Element.Of<T>(op.Code == GramOpCode.Centre ? mean : op.A),
        MinusA = Element.Of<T>(-op.A),
        B = Element.Of<T>(op.B),
    };
}
