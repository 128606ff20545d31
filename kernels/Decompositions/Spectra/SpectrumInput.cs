using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Simd;

namespace FusionKernels.Kernels.Decompositions.Spectra;

/// <summary>A matrix on its way into a solver: widened, checked, and scaled by a power of two so that its largest magnitude is in [1, 2).</summary>
internal static unsafe class SpectrumInput
{
    private const int Block = 64;

    /// <summary>Copies a symmetric matrix into both halves of another.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="source">size x size; its lower half is what is copied.</param>
    /// <param name="lowerOnly">Whether the upper half is not looked at.</param>
    /// <param name="matrix">Receives it.</param>
    /// <param name="stride">Elements from row to row.</param>
    /// <param name="settings">How to run.</param>
    /// <returns>What the values of the copy must be multiplied by.</returns>
    /// <exception cref="ArgumentException">An element is not finite, or the halves differ; the place is named.</exception>
    public static double FillSymmetric<T>(HostEngine engine, in Operand<T> source, bool lowerOnly, double* matrix, long stride, in RunSettings settings)
        where T : unmanaged
    {
        Finding[] findings = new Finding[(source.Rows + Block - 1) / Block];
        SymmetricJob<T> job = new() { Source = source, Values = engine.Resolve(source, settings.Operation), LowerOnly = lowerOnly, Matrix = matrix, Stride = stride, Findings = findings };
        engine.Run(ref job, findings.Length, settings.Threads);
        double largest = Checked(source, job.Values, findings, settings.Operation);
        return Scale(engine, matrix, source.Rows, source.Rows, stride, largest, settings);
    }

    /// <summary>A symmetric copy, and what its values must be multiplied by.</summary>
    /// <inheritdoc cref="FillSymmetric{T}"/>
    public static (DenseMatrix Copy, double Scale) Symmetric<T>(HostEngine engine, MatrixRef<T> source, in RunSettings settings)
        where T : unmanaged
    {
        DenseMatrix copy = new(source.Rows, source.Rows);
        fixed (T* values = source)
        fixed (double* elements = copy.Elements)
        {
            return (copy, FillSymmetric(engine, source.At(values), lowerOnly: false, elements, copy.Columns, settings));
        }
    }

    /// <summary>Copies a matrix of any shape.</summary>
    /// <inheritdoc cref="FillSymmetric{T}"/>
    public static double Fill<T>(HostEngine engine, in Operand<T> source, double* matrix, long stride, in RunSettings settings)
        where T : unmanaged
    {
        Finding[] findings = new Finding[(source.Rows + Block - 1) / Block];
        CopyJob<T> job = new() { Source = source, Values = engine.Resolve(source, settings.Operation), Matrix = matrix, Stride = stride, Findings = findings };
        engine.Run(ref job, findings.Length, settings.Threads);
        return Scale(engine, matrix, source.Rows, source.Columns, stride, Largest(findings, settings.Operation), settings);
    }

    /// <summary>Copies a symmetric matrix of a batch into the upper half of one lane.</summary>
    /// <param name="engine">The host.</param>
    /// <param name="source">size x size; its lower half is what is copied.</param>
    /// <param name="lowerOnly">Whether the upper half is not looked at.</param>
    /// <param name="lane">Receives it: its first element.</param>
    /// <param name="step">Elements from column to column.</param>
    /// <param name="stride">Elements from row to row.</param>
    /// <param name="operation">The operation's public name, for errors.</param>
    /// <param name="item">The matrix, for errors.</param>
    /// <returns>What the values of the copy must be multiplied by.</returns>
    /// <exception cref="ArgumentException">An element is not finite, or the halves differ; the item and the place are named.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double FillLane<T>(HostEngine engine, in Operand<T> source, bool lowerOnly, double* lane, int step, int stride, string operation, int item)
        where T : unmanaged
    {
        T* values = engine.Resolve(source, operation);
        Finding finding = See(source, values, isGeneral: false, lowerOnly);
        string name = finding.IsSuspect ? $"{operation}: matrix {item}" : operation;
        double largest = Checked(source, values, [finding], name);
        int exponent = largest == 0 ? 0 : Math.ILogB(largest);
        double half = Math.ScaleB(1, -exponent / 2), rest = Math.ScaleB(1, -exponent - (-exponent / 2));
        for (int i = 0; i < source.Rows; i++)
        {
            for (int j = 0; j <= i; j++) lane[(j * stride) + (i * step)] = At(source, values, i, j) * half * rest;
        }

        return Math.ScaleB(1, exponent);
    }

    /// <summary>Checks a matrix of the host that an accelerator is going to read; one in the device's own memory is left to its kernels.</summary>
    /// <param name="source">rows x columns.</param>
    /// <param name="isSymmetric">Whether both halves are to be the same.</param>
    /// <param name="lowerOnly">Whether the upper half is not looked at.</param>
    /// <param name="operation">The operation's public name, for errors.</param>
    /// <exception cref="ArgumentException">An element is not finite, or the halves differ; the place is named.</exception>
    public static void Check<T>(in Operand<T> source, bool isSymmetric, bool lowerOnly, string operation)
        where T : unmanaged
    {
        if (source.Buffer is not null) return;
        Checked(source, source.Pointer, [See(source, source.Pointer, isGeneral: !isSymmetric, lowerOnly)], operation);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Finding See<T>(in Operand<T> source, T* values, bool isGeneral, bool lowerOnly)
        where T : unmanaged
    {
        Finding finding = new();
        for (int i = 0; i < source.Rows; i++)
        {
            for (int j = 0; j < (lowerOnly ? i + 1 : source.Columns); j++)
            {
                double value = At(source, values, i, j);
                finding.See(value, i, j);
                if (isGeneral || lowerOnly || j >= i) continue;
                double difference = Math.Abs(value - At(source, values, j, i));
                if (difference > finding.Difference) (finding.Difference, finding.DifferentRow, finding.DifferentColumn) = (difference, i, j);
            }
        }

        return finding;
    }

    /// <summary>The largest magnitude of a matrix in which nothing is wrong.</summary>
    private static double Checked<T>(in Operand<T> source, T* values, Finding[] findings, string operation)
        where T : unmanaged
    {
        double largest = Largest(findings, operation);
        Finding furthest = findings.Append(new()).MaxBy(finding => finding.Difference);

        // Of matrices that were computed twice, or in another order, the halves differ by a few roundings and no more.
        if (furthest.Difference > (typeof(T) == typeof(float) ? 1e-4 : 1e-10) * largest) throw NotSymmetric(source, values, furthest, operation);
        return largest;
    }

    private static double Largest(Finding[] findings, string operation)
    {
        double largest = 0;
        foreach (Finding finding in findings)
        {
            if (finding.Wrong >= 0) throw new ArgumentException($"{operation}: element [{finding.Row}, {finding.Wrong}] is {finding.Value}; every element must be finite");
            largest = Math.Max(largest, finding.Largest);
        }

        return largest;
    }

    private static double Scale(HostEngine engine, double* matrix, int rows, int columns, long stride, double largest, in RunSettings settings)
    {
        if (largest == 0) return 1;
        int exponent = Math.ILogB(largest);
        if (exponent == 0) return 1;
        ScaleJob job = new() { Matrix = matrix, Rows = rows, Columns = columns, Stride = stride, Exponent = -exponent };
        engine.Run(ref job, (rows + Block - 1) / Block, settings.Threads);
        return Math.ScaleB(1, exponent);
    }

    private static ArgumentException NotSymmetric<T>(in Operand<T> source, T* values, Finding finding, string operation)
        where T : unmanaged
    {
        (int i, int j) = (finding.DifferentRow, finding.DifferentColumn);
        double lower = At(source, values, i, j), upper = At(source, values, j, i);
        return new(FormattableString.Invariant($"{operation}: the matrix is not symmetric: [{i}, {j}] is {lower:g6}, [{j}, {i}] is {upper:g6}"));
    }

    private static double At<T>(in Operand<T> source, T* values, int row, int column)
        where T : unmanaged => Element.ToDouble(values[(row * source.RowStride) + (column * source.ColumnStride)]);

    /// <summary>What one block of rows has told.</summary>
    private struct Finding()
    {
        public double Largest = 0;
        public int Row = 0;
        public int Wrong = -1;
        public double Value = 0;
        public double Difference = 0;
        public int DifferentRow = 0;
        public int DifferentColumn = 0;

        public readonly bool IsSuspect => Wrong >= 0 || Difference > 0;

        public void See(double value, int row, int column)
        {
            double magnitude = Math.Abs(value);
            if (magnitude > Largest && magnitude <= double.MaxValue) Largest = magnitude;
            if (double.IsFinite(value) || Wrong >= 0) return;
            (Row, Wrong, Value) = (row, column, value);
        }
    }

    private struct SymmetricJob<T> : IParallelJob
        where T : unmanaged
    {
        public Operand<T> Source;
        public T* Values;
        public bool LowerOnly;
        public double* Matrix;
        public long Stride;
        public Finding[] Findings;

        public readonly void Run(int block)
        {
            Finding finding = new();
            int first = block * Block, end = Math.Min(Source.Rows, first + Block);

            // In squares, so that the mirror image is written and compared where it is in cache.
            for (int column = 0; column < end; column += Block)
            {
                for (int i = first; i < end; i++)
                {
                    for (int j = column; j <= Math.Min(i, column + Block - 1); j++)
                    {
                        double value = At(Source, Values, i, j);
                        finding.See(value, i, j);
                        Matrix[(i * Stride) + j] = Matrix[(j * Stride) + i] = value;
                        if (LowerOnly || i == j) continue;
                        double upper = At(Source, Values, j, i);
                        finding.See(upper, j, i);
                        double difference = Math.Abs(value - upper);
                        if (difference > finding.Difference) (finding.Difference, finding.DifferentRow, finding.DifferentColumn) = (difference, i, j);
                    }
                }
            }

            Findings[block] = finding;
        }
    }

    private struct CopyJob<T> : IParallelJob
        where T : unmanaged
    {
        public Operand<T> Source;
        public T* Values;
        public double* Matrix;
        public long Stride;
        public Finding[] Findings;

        public readonly void Run(int block)
        {
            Finding finding = new();
            for (int i = block * Block; i < Math.Min(Source.Rows, (block + 1) * Block); i++)
            {
                double* row = Matrix + (i * Stride);
                for (int j = 0; j < Source.Columns; j++)
                {
                    row[j] = At(Source, Values, i, j);
                    finding.See(row[j], i, j);
                }
            }

            Findings[block] = finding;
        }
    }

    private struct ScaleJob : IParallelJob
    {
        public double* Matrix;
        public int Rows;
        public int Columns;
        public long Stride;
        public int Exponent;

        public readonly void Run(int block)
        {
            // In two steps, neither of whose factors leaves the range of float64.
            double half = Math.ScaleB(1, Exponent / 2), rest = Math.ScaleB(1, Exponent - (Exponent / 2));
            for (int i = block * Block; i < Math.Min(Rows, (block + 1) * Block); i++)
            {
                double* row = Matrix + (i * Stride);
                for (int j = 0; j < Columns; j++) row[j] = row[j] * half * rest;
            }
        }
    }
}
