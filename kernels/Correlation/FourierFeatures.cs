using FusionKernels.Kernels.Decompositions;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Grams;

namespace FusionKernels.Kernels.Correlation;

/// <summary>Features z with z(x).z(y) near a kernel of x - y: cosines and sines of projections on frequencies drawn from the kernel's spectrum (Rahimi and Recht 2007).</summary>
/// <param name="frequencies">features x frequencies.</param>
/// <param name="scale">The kernel of a row with itself.</param>
internal sealed class FourierFeatures(DenseMatrix frequencies, double scale)
{
    /// <summary>features x frequencies.</summary>
    public DenseMatrix Frequencies => frequencies;

    /// <summary>The kernel of a row with itself.</summary>
    public double Scale => scale;

    /// <summary>Features: two for each frequency.</summary>
    public int Size => 2 * frequencies.Columns;

    /// <summary>Draws frequencies; null where the kernel is none of differences, or its spectrum has no sampler.</summary>
    /// <param name="program">The kernel.</param>
    /// <param name="width">Features of a row.</param>
    /// <param name="size">Features wanted; an odd number is raised.</param>
    /// <param name="seed">Of the generator.</param>
    public static FourierFeatures? Draw(GramProgram program, int width, int size, int seed)
    {
        double scale = 1;
        foreach (GramOp step in program.Ops.Skip(1))
        {
            if (step.Code != GramOpCode.Scale || step.A < 0) return null;
            scale *= step.A;
        }

        GramOp op = program.Ops[0];
        Random random = new(seed);
        DenseMatrix frequencies = new(width, (size + 1) / 2);
        for (int j = 0; j < frequencies.Columns; j++)
        {
            // The spectrum of every kernel but the Laplacian is a mixture of normal ones over their widths.
            if (Width(op, random) is not { } deviation) return null;
            for (int k = op.First; k < op.First + op.Features; k++)
            {
                frequencies[k, j] = op.Code == GramOpCode.Laplacian ? op.A * Math.Tan(Math.PI * (random.NextDouble() - 0.5)) : deviation * Normal(random);
            }
        }

        return new(frequencies, scale);
    }

    /// <summary>The features of rows: rows x size.</summary>
    public DenseMatrix Evaluate(HostEngine engine, DenseMatrix rows, in RunSettings settings)
    {
        DenseMatrix result = new(rows.Rows, Size);
        DenseMatrix angles = new DenseAlgebra(engine, settings).Multiply(rows, frequencies);
        WaveJob job = new() { Angles = angles, Result = result, Amplitude = Math.Sqrt(scale / Math.Max(1, frequencies.Columns)) };
        engine.Run(ref job, (rows.Rows + WaveJob.PieceRows - 1) / WaveJob.PieceRows, settings.Threads);
        return result;
    }

    private static double? Width(in GramOp op, Random random) => op.Code switch
    {
        GramOpCode.Rbf => Math.Sqrt(2 * op.A),
        GramOpCode.Laplacian => 0,
        GramOpCode.Exponential => op.A / Math.Sqrt(ChiSquared(1, random)),
        GramOpCode.Matern32 => op.A / Math.Sqrt(ChiSquared(3, random)),
        GramOpCode.Matern52 => op.A / Math.Sqrt(ChiSquared(5, random)),
        GramOpCode.RationalQuadratic => Math.Sqrt(2 * op.B * Gamma(op.A, random)),
        _ => null,
    };

    private static double ChiSquared(int degrees, Random random)
    {
        double sum = 0;
        for (int i = 0; i < degrees; i++)
        {
            double value = Normal(random);
            sum += value * value;
        }

        return sum;
    }

    /// <summary>Of scale 1 (Marsaglia and Tsang 2000).</summary>
    private static double Gamma(double shape, Random random)
    {
        if (shape < 1) return Gamma(shape + 1, random) * Math.Pow(1 - random.NextDouble(), 1 / shape);
        double d = shape - (1.0 / 3), c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = Normal(random), root = 1 + (c * x), v = root * root * root;
            if (v > 0 && Math.Log(1 - random.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v))) return d * v;
        }
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private struct WaveJob : IParallelJob
    {
        public const int PieceRows = 64;

        public DenseMatrix Angles;
        public DenseMatrix Result;
        public double Amplitude;

        public readonly void Run(int piece)
        {
            int width = Angles.Columns, end = Math.Min(Angles.Rows, (piece + 1) * PieceRows);
            for (int i = piece * PieceRows; i < end; i++)
            {
                Span<double> angles = Angles.Row(i), row = Result.Row(i);
                for (int j = 0; j < width; j++)
                {
                    (double sine, double cosine) = Math.SinCos(angles[j]);
                    row[j] = Amplitude * cosine;
                    row[width + j] = Amplitude * sine;
                }
            }
        }
    }
}
