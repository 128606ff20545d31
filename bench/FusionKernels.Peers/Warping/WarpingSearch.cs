namespace FusionKernels.Peers;

/// <summary>A query whose nearest window of a stream is sought, both z-normalised: two random walks.</summary>
internal sealed class WarpingSearch
{
    private const int Seed = 12;

    private readonly Lazy<(long Position, double Distance)> _reference;

    /// <summary>Draws them.</summary>
    /// <param name="points">The stream's length.</param>
    /// <param name="length">The query's length.</param>
    /// <param name="part">The band's radius as a part of the query's length.</param>
    public WarpingSearch(int points, int length, double part)
    {
        Random random = new(Seed);
        Part = part;
        Query = RandomWalk.Draw(random, length);
        Stream = RandomWalk.Draw(random, points);
        _reference = new(FindBest);
    }

    /// <summary>The query.</summary>
    public double[] Query { get; }

    /// <summary>The stream.</summary>
    public double[] Stream { get; }

    /// <summary>The band's radius as a part of the query's length.</summary>
    public double Part { get; }

    /// <summary>The band's radius.</summary>
    public int Radius => (int)Math.Floor(Part * Query.Length);

    /// <summary>The windows of the stream.</summary>
    public int Windows => Stream.Length - Query.Length + 1;

    /// <summary>The sizes, in words.</summary>
    public string Shape => $"query of {Query.Length} in {Stream.Length} points, radius {Radius}";

    /// <summary>How far a found match is from the true one: infinitely at another place, else by its distance.</summary>
    public double Error(long position, double distance)
    {
        (long truePosition, double trueDistance) = _reference.Value;
        return position == truePosition ? Math.Abs(distance - trueDistance) / trueDistance : double.PositiveInfinity;
    }

    /// <summary>Looks at every window.</summary>
    private (long Position, double Distance) FindBest()
    {
        double[] query = [.. Query], window = new double[Query.Length];
        RandomWalk.Normalize(query);
        (long position, double cost) = (-1, double.PositiveInfinity);
        for (int start = 0; start < Windows; start++)
        {
            Stream.AsSpan(start, window.Length).CopyTo(window);
            RandomWalk.Normalize(window);
            double found = WarpingReference.LeastCost(window, query, Radius, cost);
            if (found < cost) (position, cost) = (start, found);
        }

        return (position, Math.Sqrt(cost));
    }
}
