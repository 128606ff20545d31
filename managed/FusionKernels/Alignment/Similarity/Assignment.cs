using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Matching;

namespace FusionKernels;

/// <summary>The linear assignment problem: everybody of the smaller side gets one of the larger, to the least cost or the greatest similarity in total.</summary>
/// <remarks>
/// <para>Exact, for rectangular matrices too. Augmenting row reduction (Jonker and Volgenant 1987), then shortest augmenting paths
/// (Crouse 2016, "On implementing 2D rectangular assignment algorithms") over vectors of columns, in float64. On the host,
/// serial.</para>
/// <para>Deterministic: one answer for every number of threads and width of the vector. Of several optimal assignments one is found;
/// which, depends on the values alone. Cost: at most about 6 min(n, m)^2 max(n, m) operations, in practice far less. Memory: 8 n m
/// bytes beside the matrix. NaN is refused. Thread-safe.</para>
/// </remarks>
public static class Assignment
{
    private const string Name = "Assignment.Solve";

    /// <summary>Solves the problem.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="values">rows x columns, costs, or similarities as the options say; any strides. +infinity of costs, -infinity of similarities forbids a pair.</param>
    /// <param name="options">Costs or similarities, progress, cancellation; null for costs.</param>
    /// <returns>The assignment of min(rows, columns) pairs, its total and its duals.</returns>
    /// <exception cref="ArgumentException">A value is NaN, infinite in the direction that does not forbid, or too large to be added up; the place is named.</exception>
    /// <exception cref="NumericalException">Every complete assignment needs a forbidden pair; a row or column that finds no place is named.</exception>
    /// <exception cref="NotSupportedException">The options name a device that is no host.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static AssignmentResult Solve<T>(Tensor<T> values, AssignmentOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        HostExecution.RequireElement<T>(Name);
        if (values.Rank != 2) throw new ArgumentException($"'{nameof(values)}' is {Shape.Of(values.Lengths)}; a matrix (rows x columns) is needed", nameof(values));
        MatrixRef<T> matrix = values.AsReadOnlyTensorSpan().AsMatrix(nameof(values));
        bool turned = matrix.Rows > matrix.Columns;
        double sign = options?.Maximize == true ? -1 : 1;
        using Execution execution = HostExecution.Begin<T>(options, Name);
        AssignmentProblem problem = AssignmentProblem.Of(turned ? matrix.Transposed : matrix, sign, out (int Row, int Column, double Value)? refused);
        if (refused is { } wrong)
        {
            (int row, int column) = turned ? (wrong.Column, wrong.Row) : (wrong.Row, wrong.Column);
            throw Refused(row, column, wrong.Value, sign, nameof(values));
        }

        AssignmentSolver solved = AssignmentSolver.Solve(((HostEngine)execution.Engine).Width, problem, execution.Parts, out int stuck);
        if (stuck >= 0)
        {
            throw new NumericalException(Name, $"{(turned ? "column" : "row")} {stuck}", $"every complete assignment needs a forbidden pair ({(sign > 0 ? "+" : "-")}infinity): allow more pairs, or leave it out");
        }

        double total = 0;
        for (int i = 0; i < problem.Rows; i++) total += problem.Costs[(i * problem.Stride) + solved.ColumnOfRow[i]];
        double[] shortDuals = Signed(solved.RowDuals), longDuals = Signed(solved.ColumnDuals.AsSpan(0, problem.Columns));
        execution.CompleteWhole<T>($"{matrix.Rows} x {matrix.Columns}: shortest augmenting paths in float64", (double)problem.Rows * problem.Rows * problem.Columns, 8L * problem.Rows * problem.Stride);
        return turned
            ? new(Inverse(solved.ColumnOfRow, problem.Columns), matrix.Columns, sign * total, longDuals, shortDuals)
            : new(solved.ColumnOfRow, matrix.Columns, sign * total, shortDuals, longDuals);

        double[] Signed(ReadOnlySpan<double> duals)
        {
            double[] signed = duals.ToArray();
            for (int i = 0; i < signed.Length; i++) signed[i] = (sign * signed[i]) + 0.0; // no -0
            return signed;
        }
    }

    private static int[] Inverse(int[] columnOfRow, int columns)
    {
        int[] inverse = new int[columns];
        Array.Fill(inverse, -1);
        for (int i = 0; i < columnOfRow.Length; i++) inverse[columnOfRow[i]] = i;
        return inverse;
    }

    private static ArgumentException Refused(int row, int column, double value, double sign, string name)
    {
        string place = FormattableString.Invariant($"values[{row}, {column}] is {value}");
        string why = double.IsNaN(value) ? "a number is needed"
            : double.IsFinite(value) ? "too large to be added up in float64; scale the values"
            : sign > 0 ? "a cost forbids its pair by +infinity" : "a similarity forbids its pair by -infinity";
        return new($"{place}: {why}", name);
    }
}
