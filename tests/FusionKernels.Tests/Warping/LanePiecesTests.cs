using FusionKernels.Kernels.Warping.Lanes;
using NUnit.Framework;

namespace FusionKernels.Tests.Warping;

/// <summary>How sets of series of any lengths fill the lanes.</summary>
[TestFixture]
[Parallelizable]
internal sealed class LanePiecesTests
{
    /// <summary>Lanes of every width: two vectors of float64 or float32, from scalar code to 512 bits.</summary>
    private static readonly int[] s_lanes = [2, 4, 8, 16, 32];

    [TestCaseSource(nameof(s_lanes))]
    public void Ragged_sets_waste_less_than_a_tenth_of_the_lanes(int lanes)
    {
        int[] lengths = Lengths(1000), others = Lengths(700);
        Array.Sort(lengths);
        Array.Sort(others);
        double triangle = Enumerable.Range(0, lengths.Length).Sum(i => (double)lengths[i] * lengths[..(i + 1)].Sum());
        double rectangle = (double)others.Sum() * lengths.Sum();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Wasted(new(lengths, lengths, isSymmetric: true, lanes), triangle), Is.InRange(0, 0.1), "a set against itself");
            Assert.That(Wasted(new(others, lengths, isSymmetric: false, lanes), rectangle), Is.InRange(0, 0.1), "two sets");
        }
    }

    [TestCaseSource(nameof(s_lanes))]
    public void Every_pair_is_in_one_piece(int lanes)
    {
        int[] lengths = [.. Lengths(45).Order()], others = [.. Lengths(67).Order()];
        foreach (bool isSymmetric in (bool[])[true, false])
        {
            int[] rows = isSymmetric ? others : lengths;
            int[,] met = new int[rows.Length, others.Length];
            foreach (LanePiece piece in new LanePieces(rows, others, isSymmetric, lanes).Split(threads: 3, parts: 1))
            {
                Assert.That(piece.EndColumn - piece.Column, Is.InRange(1, lanes));
                for (int row = piece.FirstRow; row < piece.EndRow; row++)
                {
                    for (int column = piece.Column; column < piece.EndColumn; column++) met[row, column]++;
                }
            }

            for (int row = 0; row < rows.Length; row++)
            {
                // Of a set against itself the pairs on and above the diagonal; what else a group meets is not stored.
                for (int column = isSymmetric ? row : 0; column < others.Length; column++) Assert.That(met[row, column], Is.EqualTo(1), $"{row}, {column}, symmetric {isSymmetric}");
            }
        }
    }

    /// <summary>The share of the lanes' cells that belong to no pair.</summary>
    private static double Wasted(LanePieces pieces, double useful) => 1 - (useful / pieces.Cells(pieces.Split(threads: 8, parts: 1)));

    /// <summary>Lengths from 100 to 300.</summary>
    private static int[] Lengths(int count)
    {
        Random random = new(count);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(100, 301))];
    }
}
