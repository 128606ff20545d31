using System.Numerics;
using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Graphs;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;
using GraphCalls = FusionKernels.Kernels.Graphs.Graphs;

namespace FusionKernels.Tests.Graphs;

/// <summary>Every step of the family on each engine, against the formulas in float64.</summary>
[TestFixtureSource(typeof(GraphFixtures), nameof(GraphFixtures.Real))]
[Parallelizable]
internal sealed class GraphKernelTests<T>(TestEngine engine)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly RunSettings s_settings = new("test");

    private static IEnumerable<(int Rows, int Columns, int Heads, int Width)> Shapes =>
        [(0, 5, 1, 3), (5, 0, 1, 3), (1, 1, 1, 1), (7, 5, 1, 16), (7, 5, 3, 5), (40, 31, 1, 7), (40, 31, 2, 33), (61, 67, 8, 8), (130, 97, 1, 301)];

    [Test]
    public void Products_are_those_of_the_formula([ValueSource(nameof(Shapes))] (int Rows, int Columns, int Heads, int Width) shape, [Values] bool weighted, [Values] bool mean)
    {
        GraphCase at = new(shape.Rows, shape.Columns, 0.2, 1);
        int columns = shape.Heads * shape.Width;
        double[,] dense = at.Random(shape.Columns, columns), before = at.Random(shape.Rows, columns);
        double[,]? values = weighted ? at.Random(at.Pattern.Entries, shape.Heads) : null;
        T[] result = GraphCase.Flat<T>(before), right = GraphCase.Flat<T>(dense), weights = values is null ? [] : GraphCase.Flat<T>(values);
        GraphCalls.Multiply(engine.Shared, at.Pattern, weighted ? GraphCase.Over(weights, shape.Heads) : default, GraphCase.Over(right, columns), GraphCase.Over(result, columns), mean, 0.5, 2, s_settings);
        double[,] expected = GraphsReference.Multiply(at.Pattern, values, dense, mean);
        AssertNear(result, columns, shape.Columns, (i, j) => (0.5 * expected[i, j]) + (2 * before[i, j]));
    }

    [Test]
    public void Gradients_of_products_are_those_of_the_formula([ValueSource(nameof(Shapes))] (int Rows, int Columns, int Heads, int Width) shape, [Values] bool weighted)
    {
        GraphCase at = new(shape.Rows, shape.Columns, 0.2, 2);
        int columns = shape.Heads * shape.Width;
        double[,] dense = at.Random(shape.Columns, columns), gradient = at.Random(shape.Rows, columns), values = at.Random(at.Pattern.Entries, shape.Heads);
        T[] right = GraphCase.Flat<T>(dense), left = GraphCase.Flat<T>(gradient), weights = GraphCase.Flat<T>(values);
        T[] ofDense = Unwritten(dense.Length), ofValues = Unwritten(values.Length);
        GraphCalls.MultiplyTransposed(engine.Shared, at.Pattern, weighted ? GraphCase.Over(weights, shape.Heads) : default, GraphCase.Over(left, columns), GraphCase.Over(ofDense, columns), 1, 0, s_settings);
        double[,] expected = GraphsReference.DenseGradient(at.Pattern, weighted ? values : null, gradient, isMean: false);
        AssertNear(ofDense, columns, shape.Rows, (i, j) => expected[i, j]);
        GraphCalls.Dots(engine.Shared, at.Pattern, GraphCase.Over(left, columns), GraphCase.Over(right, columns), GraphCase.Over(ofValues, shape.Heads), s_settings);
        double[,] dots = GraphsReference.Dots(at.Pattern, gradient, dense, shape.Heads);
        AssertNear(ofValues, shape.Heads, shape.Width, (e, h) => dots[e, h]);
    }

    [Test]
    public void Attention_over_entries_is_that_of_the_formula([Values(0, 1, 7, 40, 130)] int rows, [Values(1, 3, 8, 17)] int heads)
    {
        GraphCase at = new(rows, 37, 0.2, 3);
        double[,] left = at.Random(rows, heads), right = at.Random(37, heads), gradient = at.Random(at.Pattern.Entries, heads);
        T[] scores = Unwritten(gradient.Length), weights = Unwritten(gradient.Length), ofScores = Unwritten(gradient.Length), ofSums = Unwritten(gradient.Length);
        T[] given = GraphCase.Flat<T>(gradient), ofRows = Unwritten(left.Length), ofColumns = Unwritten(right.Length);
        GraphCalls.Scores(engine.Shared, at.Pattern, GraphCase.Over(GraphCase.Flat<T>(left), heads), GraphCase.Over(GraphCase.Flat<T>(right), heads), GraphCase.Over(scores, heads), 0.2, s_settings);
        GraphCalls.Softmax(engine.Shared, at.Pattern, GraphCase.Over(scores, heads), GraphCase.Over(weights, heads), s_settings);
        GraphCalls.SoftmaxGradient(engine.Shared, at.Pattern, GraphCase.Over(weights, heads), GraphCase.Over(given, heads), GraphCase.Over(ofScores, heads), s_settings);
        GraphCalls.ScoreGradients(engine.Shared, at.Pattern, GraphCase.Over(scores, heads), GraphCase.Over(ofScores, heads), GraphCase.Over(ofSums, heads), 0.2, s_settings);
        GraphCalls.SumRows(engine.Shared, at.Pattern, GraphCase.Over(ofSums, heads), GraphCase.Over(ofRows, heads), s_settings);
        GraphCalls.SumColumns(engine.Shared, at.Pattern, GraphCase.Over(ofSums, heads), GraphCase.Over(ofColumns, heads), s_settings);
        double[,] plainScores = GraphsReference.Scores(at.Pattern, left, right, 0.2), plainWeights = GraphsReference.Softmax(at.Pattern, plainScores);
        double[,] plainGradient = GraphsReference.SoftmaxGradient(at.Pattern, plainWeights, gradient);
        double[,] sums = new double[rows, heads], columnSums = new double[37, heads];
        AssertNear(scores, heads, 2, (e, h) => plainScores[e, h]);
        AssertNear(weights, heads, 37, (e, h) => plainWeights[e, h]);
        AssertNear(ofScores, heads, 37, (e, h) => plainGradient[e, h]);
        for (int e = 0; e < at.Pattern.Entries; e++)
        {
            for (int h = 0; h < heads; h++)
            {
                double slope = plainScores[e, h] < 0 ? 0.2 : 1;
                sums[at.Pattern.Owners[e], h] += slope * plainGradient[e, h];
                columnSums[at.Pattern.Indices[e], h] += slope * plainGradient[e, h];
            }
        }

        AssertNear(ofRows, heads, 37, (i, h) => sums[i, h]);
        AssertNear(ofColumns, heads, 37, (i, h) => columnSums[i, h]);
    }

    [Test]
    public void Maxima_are_those_of_the_formula([Values(0, 1, 7, 40)] int rows, [Values(1, 16, 19)] int width)
    {
        GraphCase at = new(rows, 23, 0.2, 4);
        double[,] dense = at.Random(23, width), gradient = at.Random(rows, width);
        for (int j = 0; j < width; j++) dense[3, j] = dense[1, j]; // of equal ones the first
        T[] result = Unwritten(rows * width), ofDense = Unwritten(dense.Length);
        int[] entries = new int[rows * width];
        GraphCalls.Maximum(engine.Shared, at.Pattern, GraphCase.Over(GraphCase.Flat<T>(dense), width), MatrixRef<T>.Of(result, rows, width), MatrixRef<int>.Of(entries, rows, width), s_settings);
        GraphCalls.MaximumGradient(engine.Shared, at.Pattern, MatrixRef<T>.Of(GraphCase.Flat<T>(gradient), rows, width), MatrixRef<int>.Of(entries, rows, width), GraphCase.Over(ofDense, width), s_settings);
        (double[,] largest, int[,] through) = GraphsReference.Maximum(at.Pattern, dense);
        double[,] expected = new double[23, width];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < width; j++)
            {
                if (through[i, j] >= 0) expected[at.Pattern.Indices[through[i, j]], j] += gradient[i, j];
            }
        }

        Assert.That(entries, Is.EqualTo(through.Cast<int>()));
        AssertNear(result, width, 1, (i, j) => largest[i, j]);
        AssertNear(ofDense, width, 23, (i, j) => expected[i, j]);
    }

    [Test]
    public void Bits_depend_neither_on_threads_nor_on_where_the_pattern_lies()
    {
        GraphCase at = new(900, 300, 0.1, 5);
        T[] dense = GraphCase.Flat<T>(at.Random(300, 48)), values = GraphCase.Flat<T>(at.Random(at.Pattern.Entries, 1)), one = Unwritten(900 * 48), all = Unwritten(900 * 48);
        GraphCalls.Multiply(engine.Shared, at.Pattern, GraphCase.Over(values, 1), GraphCase.Over(dense, 48), GraphCase.Over(one, 48), isMean: false, 1, 0, s_settings with { Threads = 1 });
        using ResidentPattern resident = new(engine.Shared, at.Pattern, "test");
        GraphCalls.Multiply(engine.Shared, resident, GraphCase.Over(values, 1), GraphCase.Over(dense, 48), GraphCase.Over(all, 48), isMean: false, 1, 0, s_settings);
        Assert.That(all, Is.EqualTo(one));
        T[] few = Unwritten(300 * 48), many = Unwritten(300 * 48);
        GraphCalls.MultiplyTransposed(engine.Shared, at.Pattern, GraphCase.Over(values, 1), GraphCase.Over(one, 48), GraphCase.Over(few, 48), 1, 0, s_settings with { Threads = 1 });
        GraphCalls.MultiplyTransposed(engine.Shared, resident, GraphCase.Over(values, 1), GraphCase.Over(one, 48), GraphCase.Over(many, 48), 1, 0, s_settings);
        Assert.That(many, Is.EqualTo(few));
    }

    [Test]
    public void Wide_products_go_panel_by_panel()
    {
        const int Size = 600, Width = 700;
        GraphCase at = new(Size, Size, 0.02, 6);
        double[,] dense = at.Random(Size, Width), values = at.Random(at.Pattern.Entries, 1);
        T[] result = Unwritten(Size * Width);
        GraphCalls.Multiply(
            engine.Shared, at.Pattern, GraphCase.Over(GraphCase.Flat<T>(values), 1), GraphCase.Over(GraphCase.Flat<T>(dense), Width), GraphCase.Over(result, Width), isMean: false, 1, 0, s_settings);
        double[,] expected = GraphsReference.Multiply(at.Pattern, values, dense, isMean: false);
        AssertNear(result, Width, Size, (i, j) => expected[i, j]);
    }

    [Test]
    public void Shapes_that_do_not_fit_are_told()
    {
        GraphCase at = new(4, 3, 1, 1);
        T[] dense = new T[12], result = new T[12];
        Assert.That(
            () => GraphCalls.Multiply(engine.Shared, at.Pattern, default, MatrixRef<T>.Of(dense, 4, 3), MatrixRef<T>.Of(result, 4, 3), isMean: false, 1, 0, s_settings),
            Throws.ArgumentException.With.Message.Contains("4 x 3"));
        Assert.That(
            () => GraphCalls.Softmax(engine.Shared, at.Pattern, MatrixRef<T>.Of(dense, 3, 1), MatrixRef<T>.Of(result, 3, 1), s_settings),
            Throws.ArgumentException.With.Message.Contains("entries"));
    }

    private static T[] Unwritten(int length)
    {
        T[] values = new T[length];
        Array.Fill(values, T.NaN);
        return values;
    }

    private static void AssertNear(T[] actual, int columns, int terms, Func<int, int, double> expected)
    {
        double bound = 4 * Tolerances.Sum<T>(terms, 0);
        for (int at = 0; at < actual.Length; at++)
        {
            double wanted = expected(at / columns, at % columns), found = double.CreateChecked(actual[at]);
            if (!(Math.Abs(found - wanted) <= bound * Math.Max(1, Math.Abs(wanted)))) Assert.Fail($"({at / columns}, {at % columns}): {found}, not {wanted}");
        }
    }
}
