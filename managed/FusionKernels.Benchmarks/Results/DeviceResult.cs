namespace FusionKernels.Bench;

/// <summary>A device that was measured, with its rates.</summary>
/// <param name="Description">What it is.</param>
/// <param name="Rates">What it was measured to do at most.</param>
internal sealed record DeviceResult(DeviceDescription Description, IReadOnlyList<RateRow> Rates)
{
    /// <summary>Of a session, by precision and threads.</summary>
    public static DeviceResult Of(DeviceSession session) => new(
        session.Device.Description,
        [
            .. session.Measured.OrderBy(one => one.IsDouble).ThenBy(one => one.Threads).Select(one => new RateRow(
                one.IsDouble ? "float64" : "float32",
                one.Threads,
                one.Rates.Flops / 1e9,
                double.IsInfinity(one.Rates.Exponentials) ? null : one.Rates.Exponentials / 1e9,
                one.Rates.BytesRead / 1e9,
                one.Rates.BytesWritten / 1e9)),
        ]);
}
