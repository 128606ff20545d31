using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>The words of training rows under numbers: what was not seen in training is one unknown word, so that nothing of test rows gets into a model.</summary>
/// <remarks>Deterministic: numbers go by how often a word comes, and words that come equally often by ordinal order. Immutable and thread-safe.</remarks>
public sealed class Vocabulary
{
    private readonly Dictionary<string, int> _numbers;
    private readonly double[] _rarity;

    private Vocabulary(string[] words, double[] rarity)
    {
        (Words, _rarity) = (words, rarity);
        _numbers = words.Select((word, at) => (word, at)).ToDictionary(one => one.word, one => one.at + 1, StringComparer.Ordinal);
    }

    /// <summary>The words, those that come most first; word i has the number i + 1, and 0 is whatever is unknown.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>Numbers: the words, and 0.</summary>
    public int Count => Words.Count + 1;

    /// <summary>Numbers the words of training rows.</summary>
    /// <param name="rows">By training row: its words.</param>
    /// <param name="leastRows">In how many rows a word must come to have a number, 1 or more.</param>
    /// <exception cref="ArgumentException">There is no row.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="leastRows"/> is below 1.</exception>
    public static Vocabulary Fit(IReadOnlyList<IReadOnlyList<string>> rows, int leastRows = 1)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(leastRows, 1);
        if (rows.Count == 0) throw new ArgumentException("there is no row to take words from", nameof(rows));
        (string Word, int Uses, int Rows)[] known =
        [
            .. rows.SelectMany((row, at) => row.Select(word => (Word: word, Row: at))).GroupBy(one => one.Word, StringComparer.Ordinal)
                .Select(group => (group.Key, group.Count(), group.Select(one => one.Row).Distinct().Count())).Where(one => one.Item3 >= leastRows)
                .OrderByDescending(one => one.Item2).ThenBy(one => one.Key, StringComparer.Ordinal),
        ];
        return new([.. known.Select(one => one.Word)], [.. known.Select(one => Math.Log((1.0 + rows.Count) / (1 + one.Rows)) + 1)]);
    }

    /// <summary>The number of each word, 0 where it is unknown.</summary>
    /// <param name="words">Words.</param>
    public int[] Encode(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return [.. words.Select(word => _numbers.GetValueOrDefault(word))];
    }

    /// <summary>Rows of words as vectors: how often each known word comes times the logarithm of how rare it is in training rows, to length 1 (Spärck Jones 1972, smoothed).</summary>
    /// <param name="rows">By row: its words.</param>
    /// <returns>rows x words; 0 where nothing is known.</returns>
    public Tensor<float> Weigh(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        float[] weighed = new float[checked(rows.Count * Words.Count)];
        double[] row = new double[Words.Count];
        for (int at = 0; at < rows.Count; at++)
        {
            Array.Clear(row);
            foreach (int number in Encode(rows[at]).Where(number => number > 0)) row[number - 1] += _rarity[number - 1];
            double length = TensorPrimitives.Norm<double>(row);
            for (int k = 0; k < row.Length && length > 0; k++) weighed[(at * row.Length) + k] = (float)(row[k] / length);
        }

        return Tensor.Create(weighed, [rows.Count, Words.Count]);
    }
}
