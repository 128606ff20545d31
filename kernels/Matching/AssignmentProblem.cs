using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Matching;

/// <summary>Costs of assigning rows to at least as many columns, in float64, rows padded with forbidden pairs to whole vectors.</summary>
internal sealed class AssignmentProblem
{
    /// <summary>Columns of padding are a multiple of the widest vector's lanes.</summary>
    private const int Lanes = 8;

    private AssignmentProblem(int rows, int columns)
    {
        (Rows, Columns, Stride) = (rows, columns, (columns + Lanes - 1) / Lanes * Lanes);
        Costs = GC.AllocateUninitializedArray<double>(checked(rows * Stride), pinned: true);
    }

    /// <summary>Rows, at most as many as columns.</summary>
    public int Rows { get; }

    /// <summary>Columns.</summary>
    public int Columns { get; }

    /// <summary>Elements from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>rows x stride; +infinity where a pair is forbidden.</summary>
    public double[] Costs { get; }

    /// <summary>Takes a matrix that is no higher than wide.</summary>
    /// <param name="matrix">rows x columns in host memory.</param>
    /// <param name="sign">1 for costs, -1 for similarities.</param>
    /// <param name="refused">The first element that is NaN, forbids in the wrong direction or is too large to add up, row by row; null where there is none.</param>
    public static unsafe AssignmentProblem Of<T>(MatrixRef<T> matrix, double sign, out (int Row, int Column, double Value)? refused)
        where T : unmanaged
    {
        AssignmentProblem problem = new(matrix.Rows, matrix.Columns);
        double largest = double.MaxValue / (4.0 * (matrix.Columns + 1));
        refused = null;
        fixed (T* values = matrix)
        {
            for (int i = 0; i < problem.Rows; i++)
            {
                T* row = values + (i * matrix.RowStride);
                Span<double> costs = problem.Costs.AsSpan(i * problem.Stride, problem.Stride);
                for (int j = 0; j < problem.Columns; j++)
                {
                    double value = Element.ToDouble(row[j * matrix.ColumnStride]), cost = sign * value;
                    if (!(cost >= -largest && (cost <= largest || double.IsPositiveInfinity(cost)))) refused ??= (i, j, value);
                    costs[j] = cost;
                }

                costs[problem.Columns..].Fill(double.PositiveInfinity);
            }
        }

        return problem;
    }
}
