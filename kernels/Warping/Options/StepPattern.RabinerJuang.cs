namespace FusionKernels;

/// <content>The patterns of Rabiner and Juang, from the moves that make up their steps.</content>
public sealed partial class StepPattern
{
    /// <summary>The moves of every step of types I to VII, each move (rows, columns), in order.</summary>
    private static readonly (int Rows, int Columns)[][][] LocalConstraints =
    [
        [[(1, 0)], [(1, 1)], [(0, 1)]],
        [[(1, 1), (1, 0)], [(1, 1)], [(1, 1), (0, 1)]],
        [[(2, 1)], [(1, 1)], [(1, 2)]],
        [[(1, 1), (1, 0)], [(1, 2), (1, 0)], [(1, 1)], [(1, 2)]],
        [[(1, 1), (1, 0), (1, 0)], [(1, 1), (1, 0)], [(1, 1)], [(1, 1), (0, 1)], [(1, 1), (0, 1), (0, 1)]],
        [[(1, 1), (1, 1), (1, 0)], [(1, 1)], [(1, 1), (1, 1), (0, 1)]],
        [
            [(1, 1), (1, 0), (1, 0)], [(1, 2), (1, 0), (1, 0)], [(1, 3), (1, 0), (1, 0)],
            [(1, 1), (1, 0)], [(1, 2), (1, 0)], [(1, 3), (1, 0)],
            [(1, 1)], [(1, 2)], [(1, 3)],
        ],
    ];

    /// <summary>A pattern of Rabiner and Juang 1993, table 4.5: a type of local constraint and a weighting.</summary>
    /// <param name="type">1 to 7, for I to VII.</param>
    /// <param name="weighting">What a move weighs.</param>
    /// <param name="smoothed">Whether the weights along a step are replaced by their mean.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such type or weighting.</exception>
    public static StepPattern RabinerJuang(int type, StepWeighting weighting, bool smoothed = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(type, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(type, LocalConstraints.Length);
        if (!Enum.IsDefined(weighting)) throw new ArgumentOutOfRangeException(nameof(weighting), weighting, "not a weighting of steps");
        StepNormalization normalization = weighting switch
        {
            StepWeighting.Rows => StepNormalization.X,
            StepWeighting.Sum => StepNormalization.XPlusY,
            _ => StepNormalization.None,
        };
        string name = $"rj{type}{(char)('a' + (int)weighting)}{(smoothed ? "s" : "")}";
        return new(name, [.. LocalConstraints[type - 1].Select(moves => OfMoves(moves, weighting, smoothed))], normalization);
    }

    private static WarpingStep OfMoves((int Rows, int Columns)[] moves, StepWeighting weighting, bool smoothed)
    {
        int rows = moves.Sum(move => move.Rows), columns = moves.Sum(move => move.Columns);
        double[] weights = Array.ConvertAll(moves, move => (double)(weighting switch
        {
            StepWeighting.Lesser => Math.Min(move.Rows, move.Columns),
            StepWeighting.Greater => Math.Max(move.Rows, move.Columns),
            StepWeighting.Rows => move.Rows,
            _ => move.Rows + move.Columns,
        }));
        if (smoothed) Array.Fill(weights, weights.Average());
        StepCell[] cells = new StepCell[moves.Length];
        (int rowsLeft, int columnsLeft) = (rows, columns);
        for (int i = 0; i < moves.Length; i++)
        {
            rowsLeft -= moves[i].Rows;
            columnsLeft -= moves[i].Columns;
            cells[i] = new(rowsLeft, columnsLeft, weights[i]);
        }

        return new(rows, columns, cells);
    }
}
