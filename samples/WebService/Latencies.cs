namespace WebService;

/// <summary>Times of requests in classes of 4 %, so that a load of any length keeps the same memory.</summary>
internal sealed class Latencies
{
    /// <summary>The shortest time told apart, in milliseconds.</summary>
    private const double Shortest = 0.01;

    private const double Step = 1.04;
    private readonly long[] _counts = new long[512];
    private long _count;

    /// <summary>Requests.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Counts a request.</summary>
    public void Add(double milliseconds)
    {
        int place = (int)Math.Ceiling(Math.Log(Math.Max(Shortest, milliseconds) / Shortest) / Math.Log(Step));
        Interlocked.Increment(ref _counts[Math.Min(place, _counts.Length - 1)]);
        Interlocked.Increment(ref _count);
    }

    /// <summary>Milliseconds within which a share of the requests was answered.</summary>
    public double Within(double share)
    {
        long below = 0;
        int place = 0;
        while (place < _counts.Length - 1 && (below += _counts[place]) < share * Count) place++;
        return Shortest * Math.Pow(Step, place);
    }
}
