namespace FusionKernels;

/// <summary>The masses of both sides, checked.</summary>
internal readonly struct SinkhornWeights
{
    /// <summary>The share by which the totals of both sides may differ: rounding of weights that were normalised in float32.</summary>
    private const double Balance = 1e-5;

    /// <summary>Takes them from the options.</summary>
    /// <exception cref="ArgumentException">A side is empty, or its weights do not fit.</exception>
    public SinkhornWeights(SinkhornOptions options, int rows, int columns)
    {
        Rows = Checked(options.RowWeights, rows, "rows");
        Columns = Checked(options.ColumnWeights, columns, "columns");
        double ofRows = Rows.Sum(), ofColumns = Columns.Sum();
        if (options.MarginalPenalty is null && Math.Abs(ofRows - ofColumns) > Balance * ofRows)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"the rows weigh {ofRows:g6}, the columns {ofColumns:g6}: both must weigh as much, or {nameof(SinkhornOptions.MarginalPenalty)} be set"), nameof(options));
        }
    }

    /// <summary>The mass of each row.</summary>
    public double[] Rows { get; }

    /// <summary>The mass of each column.</summary>
    public double[] Columns { get; }

    private static double[] Checked(IReadOnlyList<double>? weights, int count, string side)
    {
        if (count == 0) throw new ArgumentException($"there are no {side}: nothing can be transported");
        if (weights is null)
        {
            double[] uniform = new double[count];
            Array.Fill(uniform, 1.0 / count);
            return uniform;
        }

        if (weights.Count != count) throw new ArgumentException($"there are {weights.Count} weights for {count} {side}");
        for (int i = 0; i < count; i++)
        {
            if (!(weights[i] >= 0 && double.IsFinite(weights[i]))) throw new ArgumentException($"weight {i} of the {side} is {weights[i]}: a finite number, 0 or more, is needed");
        }

        double[] copy = [.. weights];
        if (!(copy.Sum() > 0 && double.IsFinite(copy.Sum()))) throw new ArgumentException($"the weights of the {side} add up to {copy.Sum()}: a finite total above 0 is needed");
        return copy;
    }
}
