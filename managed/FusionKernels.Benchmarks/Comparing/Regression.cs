using System.Globalization;

namespace FusionKernels.Bench;

/// <summary>Cases that became worse since a base was measured.</summary>
internal static class Regression
{
    /// <summary>Counts may grow by this part: what pools hold depends a little on who ran before.</summary>
    private const double Slack = 1.2;

    /// <summary>Bytes of managed memory that a call may allocate more: the runtime's own.</summary>
    private const double AllocationSlack = 4096;

    /// <summary>What is worse, by case.</summary>
    /// <param name="before">The base.</param>
    /// <param name="now">What was measured now.</param>
    /// <param name="withTimes">Whether times count beside allocations, launches and device memory, which no other program disturbs.</param>
    /// <param name="matched">How many cases both have.</param>
    public static IReadOnlyList<RegressedFigure> Of(BenchResults before, BenchResults now, bool withTimes, out int matched)
    {
        List<RegressedFigure> worse = [];
        matched = 0;
        foreach (ResultRow row in now.Rows)
        {
            ResultRow? old = before.Rows.FirstOrDefault(one => (one.Case, one.Shape, one.Device, one.Precision, one.Threads) == (row.Case, row.Shape, row.Device, row.Precision, row.Threads));
            if (old is null) continue;
            matched++;
            string name = $"{row.Case} {row.Precision} {row.Device}{(row.Threads == 0 ? "" : $" {row.Threads}t")}";
            if (withTimes && Throughput.Of(row).Over(Throughput.Of(old)).High < 1)
            {
                worse.Add(new(name, "time", $"{Format.Time(old.Seconds)} ({Format.Time(old.LowSeconds)}-{Format.Time(old.HighSeconds)})", $"{Format.Time(row.Seconds)} ({Format.Time(row.LowSeconds)}-{Format.Time(row.HighSeconds)})", row.Seconds / old.Seconds));
            }

            Count(name, "allocated bytes", old.AllocatedBytes ?? 0, row.AllocatedBytes ?? 0, AllocationSlack);
            Count(name, "launches", old.Launches, row.Launches, 0);
            Count(name, "device memory", old.DeviceBytes, row.DeviceBytes, AllocationSlack);
        }

        return worse;

        void Count(string name, string figure, double old, double current, double slack)
        {
            if (current > (old * Slack) + slack) worse.Add(new(name, figure, Number(old), Number(current), current / Math.Max(1, old)));
        }

        static string Number(double value) => value.ToString("0", CultureInfo.InvariantCulture);
    }
}

/// <summary>A figure that became worse.</summary>
/// <param name="Case">Case, precision, device and threads.</param>
/// <param name="Figure">What: time, allocated bytes, launches, device memory.</param>
/// <param name="Before">What it was.</param>
/// <param name="Now">What it is.</param>
/// <param name="Ratio">How many times as much.</param>
internal sealed record RegressedFigure(string Case, string Figure, string Before, string Now, double Ratio);
