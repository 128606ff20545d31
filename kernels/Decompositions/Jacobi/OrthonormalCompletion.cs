namespace FusionKernels.Kernels.Decompositions.Jacobi;

/// <summary>Unit vectors orthogonal to given ones and to each other, in float64 on the host.</summary>
internal static class OrthonormalCompletion
{
    /// <summary>As many vectors as are missing, one after another.</summary>
    /// <remarks>
    /// Each starts as the axis that the vectors so far cover least, of which at least (length - vectors) / length is left, and is
    /// made orthogonal twice (Giraud, Langou and Rozloznik 2005). 4 length vectors operations each.
    /// </remarks>
    /// <param name="rows">Rows of the given length; those named are orthogonal, of any norm but 0.</param>
    /// <param name="length">Entries of a row.</param>
    /// <param name="known">The rows to be orthogonal to.</param>
    /// <param name="missing">Vectors that are wanted; with the known ones at most <paramref name="length"/>.</param>
    /// <param name="cancellation">Cancels between vectors.</param>
    public static double[] Of(double[] rows, int length, ReadOnlySpan<int> known, int missing, CancellationToken cancellation)
    {
        double[] basis = new double[checked((known.Length + missing) * length)], covered = new double[length];
        for (int i = 0; i < known.Length; i++)
        {
            Span<double> vector = basis.AsSpan(i * length, length);
            rows.AsSpan(known[i] * length, length).CopyTo(vector);
            Normalise(vector, covered);
        }

        for (int count = known.Length; count < known.Length + missing; count++)
        {
            cancellation.ThrowIfCancellationRequested();
            Span<double> vector = basis.AsSpan(count * length, length);
            int axis = 0;
            for (int i = 1; i < length; i++) if (covered[i] < covered[axis]) axis = i;
            vector[axis] = 1;
            for (int pass = 0; pass < 2; pass++)
            {
                for (int i = 0; i < count; i++) Remove(vector, basis.AsSpan(i * length, length));
            }

            Normalise(vector, covered);
        }

        return basis[(known.Length * length)..];
    }

    private static void Remove(Span<double> vector, ReadOnlySpan<double> direction)
    {
        double overlap = 0;
        for (int i = 0; i < vector.Length; i++) overlap += vector[i] * direction[i];
        for (int i = 0; i < vector.Length; i++) vector[i] -= overlap * direction[i];
    }

    private static void Normalise(Span<double> vector, double[] covered)
    {
        double square = 0;
        foreach (double entry in vector) square += entry * entry;
        double norm = Math.Sqrt(square);
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] /= norm;
            covered[i] += vector[i] * vector[i];
        }
    }
}
