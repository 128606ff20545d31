using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using FusionKernels.Tests.Learnings;
using NUnit.Framework;

namespace FusionKernels.Tests.Fusion;

/// <summary>Each rule of combination for 2, 3 and 6 views: its value against plain float64, its gradients against central differences, and nothing from absent views.</summary>
[TestFixture]
[Parallelizable]
public sealed class CombinationRuleTests
{
    /// <summary>Rows of a batch.</summary>
    internal const int Rows = 4;

    private const int Width = 4, Heads = 2, Features = 3;

    private static IEnumerable<TestCaseData> Cases => from rule in Enum.GetValues<FusionRule>() from views in (int[])[2, 3, 6] select new TestCaseData(rule, views);

    [TestCaseSource(nameof(Cases))]
    public void A_rule_is_its_formula(FusionRule rule, int views)
    {
        RuleCase made = new(rule, views);
        using Tape<double> tape = new();
        ModalityTokens<double> batch = made.Batch(tape, made.Operands.Select(operand => tape.Constant(operand)), explains: true);
        Combination<double> combined = made.Rule.Combine(batch);
        Assert.That(combined.Code.Lengths.ToArray(), Is.EqualTo(new nint[] { Rows, made.Rule.Outputs }));
        double[][] expected = Reference(made, rule);
        Assert.That(FusionData.Flat(combined.Code.Read()).Chunk(made.Rule.Outputs).SelectMany(row => row), Is.EqualTo(expected.SelectMany(row => row)).Within(1e-12));
        if (combined.Weights is { } weights)
        {
            double[] shares = FusionData.Flat(weights.Read());
            Assert.That(shares.Select((share, at) => made.Present[at] || share == 0), Is.All.True, "what is absent weighs nothing");
            Assert.That(shares.Chunk(views).Select(row => row.Sum()), Is.All.InRange(1e-6, 1 + 1e-12));
        }

        if (combined.Gates is not { } gates) return;
        Assert.That(gates.Lengths.ToArray(), Is.EqualTo(new nint[] { Rows, Width, views }));
        Assert.That(FusionData.Flat(gates.Read()).Chunk(views).Select(row => row.Sum()), Is.All.EqualTo(1).Within(1e-12));
    }

    [TestCaseSource(nameof(Cases))]
    public void Gradients_are_those_of_differences(FusionRule rule, int views)
    {
        RuleCase made = new(rule, views);
        TestEngine host = TestEngines.Present.First(engine => engine.Kind == DeviceKind.Host);
        GradientCheck.Run(host, tokens => made.Rule.Combine(made.Batch(tokens[0].Tape, tokens, explains: false)).Code, made.Operands);
        using Tape<double> tape = new(host.Device) { IsTraining = true };
        tape.Backward(Loss());
        Dictionary<Parameter<double>, double[]> gradients = made.Parameters.All.ToDictionary(one => one, one => FusionData.Flat(one.ReadGradient()));
        foreach ((Parameter<double> parameter, double[] gradient) in gradients)
        {
            if (parameter.Name.StartsWith("view", StringComparison.Ordinal) && rule != FusionRule.Translation) continue; // encoders, which this test goes round
            foreach (int at in (int[])[0, gradient.Length / 2, gradient.Length - 1])
            {
                double expected = (Moved(parameter, at, 1e-5) - Moved(parameter, at, -1e-5)) / 2e-5;
                Assert.That(gradient[at], Is.EqualTo(expected).Within(Tolerances.GradientAgainstDifferences * Math.Max(1, Math.Abs(expected))), $"{parameter.Name}[{at}]");
            }
        }

        // A key's bias shifts all scores alike, and translation takes one pair of views in a step: nothing else may stand still.
        string[] still = [.. gradients.Where(one => one.Value.All(value => Math.Abs(value) < 1e-14)).Select(one => one.Key.Name).Where(name => !name.StartsWith("view", StringComparison.Ordinal) && !IsKeyBias(name))];
        Assert.That(still, rule == FusionRule.Translation ? Is.All.StartsWith("decoder") : Is.Empty);

        static bool IsKeyBias(string name) => name.Contains("key", StringComparison.Ordinal) && name.EndsWith("bias", StringComparison.Ordinal);

        Var<double> Loss()
        {
            tape.Clear();
            ModalityTokens<double> batch = made.Batch(tape, made.Operands.Select(operand => tape.Constant(operand)), explains: false);
            Var<double> code = made.Rule.Combine(batch).Code, loss = (code * tape.Constant(GradientCheck.Values(99, Rows, made.Rule.Outputs))).Sum();
            return made.Rule is IRebuildingRule<double> rebuilding ? loss + rebuilding.RebuildingLoss(batch, made.Targets(tape)) : loss;
        }

        double Moved(Parameter<double> parameter, int at, double by)
        {
            Tensor<double> before = parameter.Read();
            double[] moved = FusionData.Flat(before);
            moved[at] += by;
            parameter.Write(Tensor.Create(moved, before.Lengths));
            double loss = Loss().ToScalar();
            parameter.Write(before);
            return loss;
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void What_stands_in_absent_views_changes_no_bit(FusionRule rule, int views)
    {
        RuleCase made = new(rule, views);
        using Tape<double> tape = new();
        double[] expected = Code(0), other = Code(1e9);
        Assert.That(other, Is.EqualTo(expected));

        double[] Code(double stored)
        {
            tape.Clear();
            IEnumerable<Var<double>> tokens = made.Operands.Select((operand, m) =>
            {
                double[] values = FusionData.Flat(operand);
                for (int at = 0; at < values.Length; at++) values[at] = made.Present[(at / (values.Length / Rows) * views) + m] ? values[at] : stored;
                return tape.Constant(Tensor.Create(values, operand.Lengths));
            });
            return FusionData.Flat(made.Rule.Combine(made.Batch(tape, tokens, explains: false)).Code.Read());
        }
    }

    [TestCase(2)]
    [TestCase(3)]
    public void Low_rank_fusion_of_full_rank_is_tensor_fusion(int views)
    {
        // Every outer product of unit vectors is one rank: the weights of the ranks are then those of the tensor.
        const int Wide = 2, Outputs = 3;
        int products = (int)Math.Pow(Wide + 1, views);
        ParameterSet<double> parameters = new(seed: 3);
        LowRankRule<double> rule = new(parameters, views, Wide, Outputs, products);
        double[] tensor = FusionData.Flat(GradientCheck.Values(8, Outputs, products));
        for (int m = 0; m < views; m++)
        {
            double[] weight = new double[Outputs * products * Wide], one = new double[Outputs * products];
            for (int output = 0; output < Outputs; output++)
            {
                for (int rank = 0; rank < products; rank++)
                {
                    int axis = rank / (int)Math.Pow(Wide + 1, views - 1 - m) % (Wide + 1), at = (output * products) + rank;
                    double value = m == 0 ? tensor[(output * products) + rank] : 1;
                    if (axis == Wide) one[at] = value;
                    else weight[(at * Wide) + axis] = value;
                }
            }

            parameters[$"factor{m}.weight"].Write(Tensor.Create(weight, [Outputs * products, Wide]));
            parameters[$"factor{m}.bias"].Write(Tensor.Create(one, [Outputs * products]));
        }

        double[] ones = new double[products];
        Array.Fill(ones, 1);
        parameters["mix"].Write(Tensor.Create(ones, [1, products]));
        using Tape<double> tape = new();
        bool[] present = [.. Enumerable.Range(0, Rows * views).Select(at => at != 1)];
        Var<double>[] tokens = [.. Enumerable.Range(0, views).Select(m => tape.Constant(GradientCheck.Values(m, Rows, 1, Wide)))];
        ModalityTokens<double> batch = new(tape, Rows, tokens, [.. Enumerable.Range(0, views).Select(m => Enumerable.Range(0, Rows).Select(row => present[(row * views) + m]).ToArray())], present, explains: false);
        Var<double> product = TensorRule<double>.Product(batch.PerRow(_ => 1), batch.Codes());
        double[] expected = FusionData.Flat(product.Linear(tape.Constant(Tensor.Create(tensor, [Outputs, products]))).Read());
        Assert.That(FusionData.Flat(rule.Combine(batch).Code.Read()), Is.EqualTo(expected).Within(1e-13));
    }

    /// <summary>The formulas of the rules, row by row.</summary>
    private static double[][] Reference(RuleCase made, FusionRule rule)
    {
        PlainNetwork plain = new(made.Parameters, Heads);
        return [.. Enumerable.Range(0, Rows).Select(row => CombinationReference.Of(rule, plain, made, row))];
    }

    /// <summary>One rule with tokens of a few rows: all views there, the first absent, the last alone, some absent.</summary>
    internal sealed class RuleCase
    {
        private readonly int _views;

        public RuleCase(FusionRule rule, int views)
        {
            _views = views;
            TrainedFusionOptions options = new() { Rule = rule, Width = Width, Heads = Heads, Hidden = 5, Rank = 3, Latents = 2, Dropout = 0 };
            Tensor<double>[] values = [.. Enumerable.Range(0, views).Select(m => GradientCheck.Values(m + 50, 8, Features))];
            ViewInputEncoder inputs = ViewInputEncoder.Fit(Views.Of([.. values.Select((one, m) => ($"v{m}", View.Vectors(one)))]), patch: null);
            Places = CombinationRule<double>.ReadsTokens(rule) ? 2 : 1;
            Parameters = new(seed: 5);
            ModalityEncoder<double>[] encoders = [.. Enumerable.Range(0, views).Select(m => new ModalityEncoder<double>(Parameters.In($"view{m}"), isSeries: false, Features, Places, options))];
            Rule = CombinationRule<double>.Of(Parameters, inputs, encoders, options);
            foreach (Parameter<double> parameter in Parameters.All.Where(one => !one.Name.EndsWith("weight", StringComparison.Ordinal) && !one.Name.EndsWith("gain", StringComparison.Ordinal)))
            {
                // Zeros would hide what is left out, and what begins near 0 bends too much behind a normalisation for differences.
                parameter.Write(GradientCheck.Values(parameter.Count, [.. parameter.Lengths]));
            }

            Present = [.. Enumerable.Range(0, Rows * views).Select(at => (at / views) switch { 0 => true, 1 => at % views > 0, 2 => at % views == views - 1, _ => at % 2 == 0 })];
            if (views == 2) Present[^2] = true;
            Operands = [.. Enumerable.Range(0, views).Select(m => GradientCheck.Values(m + 7, Rows, Places, Width))];
        }

        public CombinationRule<double> Rule { get; }

        public ParameterSet<double> Parameters { get; }

        public Tensor<double>[] Operands { get; }

        public bool[] Present { get; }

        public int Places { get; }

        public ModalityTokens<double> Batch(Tape<double> tape, IEnumerable<Var<double>> tokens, bool explains) =>
            new(tape, Rows, [.. tokens], [.. Enumerable.Range(0, _views).Select(m => Enumerable.Range(0, Rows * Places).Select(at => Present[(at / Places * _views) + m]).ToArray())], Present, explains);

        public RebuildingTargets<double> Targets(Tape<double> tape) =>
            new([.. Enumerable.Range(0, _views).Select(m => tape.Constant(GradientCheck.Values(m + 20, Rows, Features)))], [.. Enumerable.Range(0, _views).Select(_ => Enumerable.Repeat(true, Rows).ToArray())]);

        /// <summary>By view: its tokens in a row.</summary>
        public double[][][] TokensOf(int row) => [.. Operands.Select(operand => FusionData.Flat(operand).Chunk(Width).Skip(row * Places).Take(Places).ToArray())];

        public bool[] PresentOf(int row) => Present[(row * _views)..((row + 1) * _views)];
    }
}
