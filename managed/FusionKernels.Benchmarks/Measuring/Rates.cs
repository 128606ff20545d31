namespace FusionKernels.Bench;

/// <summary>What a device was measured to do at most, each alone.</summary>
/// <param name="Flops">Multiply-adds per second, two operations each.</param>
/// <param name="Exponentials">Exponentials per second; infinite where they are not measured apart.</param>
/// <param name="BytesRead">Bytes read from memory per second.</param>
/// <param name="BytesWritten">Bytes stored to memory per second.</param>
internal sealed record Rates(double Flops, double Exponentials, double BytesRead, double BytesWritten)
{
    /// <summary>What a cell of an alignment table takes of an accelerator: a difference, its square, two minima and a sum, four instructions in the place of a multiply-add each.</summary>
    private const double FlopsOfCell = 8;

    /// <summary>The best of both.</summary>
    public Rates Or(Rates other) => new(
        Math.Max(Flops, other.Flops),
        Math.Max(Exponentials, other.Exponentials),
        Math.Max(BytesRead, other.BytesRead),
        Math.Max(BytesWritten, other.BytesWritten));

    /// <summary>
    /// The least time for the work if arithmetic, exponentials and memory overlapped completely: what the slowest of the three
    /// takes alone.
    /// </summary>
    /// <param name="work">The work.</param>
    /// <param name="boundBy">Which of the three it is.</param>
    /// <returns>Seconds.</returns>
    public double Floor(in Work work, out string boundBy)
    {
        double arithmetic = (work.Flops + (FlopsOfCell * work.Cells)) / Flops;
        double exponentials = work.Exponentials / Exponentials;
        double memory = (work.BytesRead / BytesRead) + (work.BytesWritten / BytesWritten);
        double floor = Math.Max(arithmetic, Math.Max(exponentials, memory));
        boundBy = floor == arithmetic ? "multiply-add" : floor == memory ? "memory" : "exp";
        return floor;
    }
}
