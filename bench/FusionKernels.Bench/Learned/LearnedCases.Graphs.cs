using System.Globalization;
using System.Numerics.Tensors;

namespace FusionKernels.Bench;

/// <content>Graphs, and attention across modalities.</content>
internal static partial class LearnedCases
{
    private const int Words = 1433, Classes = 7;

    private static IReadOnlyList<LearnedCase> Graphs(LearnedData data)
    {
        const string Motions = "BasicMotions, its own split", Attention = "cross-modal attention", Reference = ".975: dependent warping of both sensors, 1-NN; .600: Euclidean";
        MotionCases motions = new(data);
        return
        [
            new("two graph convolutions", "Cora, the split of Planetoid", "accuracy", ".601: features only; .815: published", 0.8, false, seed => new(Cora(data, seed))),
            new("graph alignment", $"{DigitsData}, fou to zer", "recall at 1, over chance", "10", 10, false, seed => Links(data, seed)),
            new(Attention, Motions, "accuracy by both sensors", Reference, 0.974, false, seed => motions.Reach(seed, 0)),
            new(Attention, Motions, "accuracy by accelerometer, 1-NN among the training gyroscopes", Reference, 0.974, false, seed => motions.Reach(seed, 1)),
            new(Attention, Motions, "recall at 1 by class, test accelerometer to test gyroscope", Reference, 0.974, false, seed => motions.Reach(seed, 2)),
        ];
    }

    private static double Cora(LearnedData data, ulong seed)
    {
        CsvTable nodes = Csv.Read(data.PathOf("cora/cora.nodes.csv"), new() { Delimiter = ',' });
        int count = nodes.RowCount;
        int[] labels = [.. Enumerable.Range(0, count).Select(i => int.Parse(nodes[i, 1], CultureInfo.InvariantCulture))];
        SparseMatrix<float> words = SparseMatrix<float>.FromEntries(count, Words, Enumerable.Range(0, count).SelectMany(i => Shares(nodes[i, 3], i)));
        SparseMatrix<float> graph = Graph.Normalize(Graph.ReadEdges<float>(data.PathOf("cora/cora.edges.csv"), count));
        int[] training = Named("train"), test = Named("test"), asked = [.. training.Select(i => labels[i])];
        ParameterSet<float> parameters = new(seed);
        GraphConvolution<float> first = new(parameters.In("first"), Words, 16, Activation.Relu), second = new(parameters.In("second"), 16, Classes);
        Optimizer<float> optimizer = new(parameters, new Adam { LearningRate = 0.01, WeightDecay = 5e-4 });
        using Tape<float> tape = new() { Seed = seed };
        for (int epoch = 1; epoch <= 200; epoch++)
        {
            tape.Clear();
            (tape.IsTraining, tape.Step) = (true, epoch);
            tape.Backward(Loss.CrossEntropy(Logits().Gather(training), asked));
            optimizer.Step(tape);
        }

        tape.Clear();
        tape.IsTraining = false;
        Tensor<float> logits = Logits().Read();
        return test.Count(i => Enumerable.Range(0, Classes).MaxBy(k => logits[i, k]) == labels[i]) / (double)test.Length;

        Var<float> Logits() => second.Forward(first.Forward(tape, words, graph, dropout: 0.5).Dropout(0.5), graph);

        int[] Named(string split) => [.. Enumerable.Range(0, count).Where(i => nodes[i, 2] == split)];

        static IEnumerable<(int Row, int Column, float Value)> Shares(string text, int row)
        {
            string[] numbers = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return numbers.Select(number => (row, int.Parse(number, CultureInfo.InvariantCulture), 1f / numbers.Length));
        }
    }

    /// <summary>The lesser of both ways.</summary>
    private static LearnedFigure Links(LearnedData data, ulong seed)
    {
        (Tensor<float> x, Tensor<float> newX) = LearnedData.Split(data.Digits("fou"));
        (Tensor<float> y, Tensor<float> newY) = LearnedData.Split(data.Digits("zer"));
        int[] held = Held((int)x.Lengths[0], seed), kept = [.. Enumerable.Range(0, (int)x.Lengths[0]).Except(held)];
        GraphAlignmentOptions options = new() { Seed = seed };
        return LearnedFigure.Of(
            [("convolution", options), ("convolution, two layers", options with { Layers = 2 }), ("heterogeneous, two layers", options with { Encoder = GraphEncoder.Heterogeneous, Layers = 2 })],
            setting => Found(GraphAlignment.Fit(GramPart.Rows(x, kept), GramPart.Rows(y, kept), setting), GramPart.Rows(x, held), GramPart.Rows(y, held)),
            found => found,
            (setting, _) => Found(GraphAlignment.Fit(x, y, setting), newX, newY));

        static double Found(GraphAlignmentModel<float> model, Tensor<float> x, Tensor<float> y)
        {
            RetrievalResult found = model.Evaluate(x, y);
            return Math.Min(found.AToB.RecallAt1, found.BToA.RecallAt1) * x.Lengths[0];
        }
    }
}
