using System.Globalization;
using System.Numerics.Tensors;
using FusionKernels.Bench;
using TorchSharp;
using TorchSharp.Modules;
using F = TorchSharp.torch.nn.functional;

namespace FusionKernels.Peers;

/// <summary>libtorch as an oracle of attention and the learning engine: values and gradients of operations and losses, and the steps of optimizers, in float64.</summary>
internal static class TorchOracle
{
    /// <summary>The largest difference that passes, as a part of the largest element: float64 sums of a few dozen terms in another order.</summary>
    private const double Bound = 1e-11;

    private const int Steps = 12;

    /// <summary>What is computed twice: of operands of some shapes, here and there.</summary>
    private sealed record Case(string Name, int[][] Shapes, Func<Var<double>[], Var<double>> Ours, Func<torch.Tensor[], torch.Tensor> Theirs);

    /// <summary>Compares all of it and prints a line for each.</summary>
    /// <returns>0; 1 where something differs.</returns>
    public static int Run(TextWriter output)
    {
        using ComputeDevice host = ComputeDevice.Open("host");
        List<(string Name, double Difference)> found = [.. Cases().Select(one => (one.Name, Compare(one, host))), .. TorchAttentionOracle.Differences()];
        foreach ((string name, OptimizerRule rule, Func<Parameter, torch.optim.Optimizer> theirs) in Rules()) found.Add((name, Follow(rule, theirs, host)));
        foreach ((string name, double difference) in found)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-34} {difference:0.0e-0}{(difference <= Bound ? "" : "  DIFFERS")}"));
        }

        int wrong = found.Count(one => !(one.Difference <= Bound));
        output.WriteLine(wrong == 0 ? $"all {found.Count} agree with libtorch" : $"{wrong} of {found.Count} differ from libtorch");
        return wrong == 0 ? 0 : 1;
    }

    private static IEnumerable<Case> Cases()
    {
        int[] five = [5, 7];
        yield return Unary("relu", x => x.Activate(Activation.Relu), x => F.relu(x));
        yield return Unary("leaky relu", x => x.Activate(Activation.LeakyRelu), x => F.leaky_relu(x, 0.01));
        yield return Unary("tanh", x => x.Activate(Activation.Tanh), x => F.tanh(x));
        yield return Unary("sigmoid", x => x.Activate(Activation.Sigmoid), x => F.sigmoid(x));
        yield return Unary("gelu", x => x.Activate(Activation.Gelu), x => F.gelu(x));
        yield return Unary("gelu by tanh", x => x.Activate(Activation.GeluTanh), x => F.gelu(x, GELU.Approximate.tanh));
        yield return Unary("softmax", x => x.Softmax(), x => F.softmax(x, -1));
        yield return Unary("log softmax", x => x.LogSoftmax(), x => F.log_softmax(x, -1));
        yield return Unary("unit rows", x => x.Unit(), x => F.normalize(x));
        yield return Unary("exp, sqrt, log", x => (x.Exp().Sqrt() + 1).Log(), x => (x.exp().sqrt() + 1).log());
        yield return Unary("means and sums along an axis", x => x.Mean(0) * x.Sum(0), x => x.mean([0]) * x.sum([0L]));
        yield return Unary("concat and transpose", x => Var<double>.Concat(x, x.Square()).Transpose(), x => torch.cat([x, x.square()], 1).transpose(0, 1));
        yield return Unary("gather, a row twice", x => x.Gather(3, 1, 3, 0), x => x.index_select(0, torch.tensor(new long[] { 3, 1, 3, 0 })));
        yield return new("broadcast arithmetic", [five, [7]], x => (x[0] * x[1]) + (x[0] / (x[1].Square() + 1)), x => (x[0] * x[1]) + (x[0] / (x[1].square() + 1)));
        yield return new("linear with bias and gelu", [five, [4, 7], [4]], x => x[0].Linear(x[1], x[2], Activation.Gelu), x => F.gelu(F.linear(x[0], x[1], x[2])));
        yield return new("batched product, transposed", [[3, 5, 7], [3, 4, 7]], x => x[0].MatMul(x[1], transposeOther: true), x => x[0].matmul(x[1].transpose(1, 2)));
        yield return new("layer norm", [five, [7], [7]], x => x[0].LayerNorm(x[1], x[2]), x => F.layer_norm(x[0], [7], x[1], x[2]));
        yield return new("attention of two heads", [[2, 5, 6], [2, 9, 6], [2, 9, 6]], x => x[0].Attention(x[1], x[2], 2), x => Attended(x, isCausal: false));
        yield return new("causal attention", [[2, 9, 6], [2, 9, 6], [2, 9, 6]], x => x[0].Attention(x[1], x[2], 2, isCausal: true), x => Attended(x, isCausal: true));
        yield return new("Cholesky and triangular solve", [[6, 6], [6, 3]], x => Spread(x[0]).Cholesky().SolveLower(x[1]), x => torch.linalg.solve_triangular(torch.linalg.cholesky(Spread(x[0])), x[1], upper: false));
        yield return Unary("cross-entropy", x => Loss.CrossEntropy(x, 1, 6, 0, 3, 1), x => F.cross_entropy(x, torch.tensor(new long[] { 1, 6, 0, 3, 1 })));
        yield return new("mean squared error", [five, five], x => Loss.MeanSquaredError(x[0], x[1]), x => F.mse_loss(x[0], x[1]));
        yield return Unary("binary cross-entropy", x => Loss.BinaryCrossEntropy(x, (x * 3).Detach().Activate(Activation.Sigmoid)), x => F.binary_cross_entropy_with_logits(x, (x * 3).detach().sigmoid()));
        yield return new("InfoNCE", [five, five, [1]], x => Loss.InfoNce(x[0], x[1], x[2].Exp()), x => BothWays(Cosines(x) * x[2].exp().exp()));
        yield return new("SigLIP", [five, five, [1], [1]], x => Loss.SigLip(x[0], x[1], x[2].Exp(), x[3]), x => F.binary_cross_entropy_with_logits((Cosines(x) * x[2].exp().exp()) + x[3], torch.eye(5, dtype: torch.float64)) * 5);
        yield return new("triplets", [five, five, five], x => Loss.Triplet(x[0], x[1], x[2]), x => F.relu((x[0] - x[1]).square().sum(-1) - (x[0] - x[2]).square().sum(-1) + 0.2).mean());
        yield return new("divergence", [five, five], x => Loss.Divergence(x[0], x[1]), x => -0.5 * (1 + x[1] - x[0].square() - x[1].exp()).sum(-1).mean());
        yield return new("canonical correlation", [[40, 3], [40, 4]], x => Loss.CanonicalCorrelation(x[0], x[1], new() { Ridge = 1e-2 }), x => Correlation(x[0], x[1], 1e-2));

        Case Unary(string name, Func<Var<double>, Var<double>> ours, Func<torch.Tensor, torch.Tensor> theirs) => new(name, [five], x => ours(x[0]), x => theirs(x[0]));
    }

    private static IEnumerable<(string Name, OptimizerRule Rule, Func<Parameter, torch.optim.Optimizer> Theirs)> Rules()
    {
        yield return ("SGD with momentum", new Sgd { LearningRate = 0.05 }, one => torch.optim.SGD([one], 0.05, momentum: 0.9));
        yield return ("SGD, Nesterov, decay", new Sgd { LearningRate = 0.05, IsNesterov = true, WeightDecay = 0.1 }, one => torch.optim.SGD([one], 0.05, momentum: 0.9, weight_decay: 0.1, nesterov: true));
        yield return ("Adam, decay", new Adam { LearningRate = 0.05, WeightDecay = 0.1 }, one => torch.optim.Adam([one], 0.05, weight_decay: 0.1));
        yield return ("AdamW", new AdamW { LearningRate = 0.05, WeightDecay = 0.1 }, one => torch.optim.AdamW([one], 0.05, weight_decay: 0.1));
    }

    /// <summary>The largest difference of value and gradients.</summary>
    private static double Compare(Case one, ComputeDevice host)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        double[][] operands = [.. one.Shapes.Select((shape, at) => Samples.Uniform<double>(1, shape.Aggregate(1, (product, length) => product * length), at + 1))];
        ParameterSet<double> parameters = new(seed: 1);
        Parameter<double>[] ours = [.. one.Shapes.Select((shape, at) => parameters.Add($"x{at}", Initializer.Constant(0), shape))];
        for (int at = 0; at < ours.Length; at++) ours[at].Write(Tensor.Create(operands[at], [.. ours[at].Lengths.Select(length => (nint)length)]));
        using Tape<double> tape = new(host) { IsTraining = true };
        Var<double> value = one.Ours([.. ours.Select(tape.Of)]);
        double[] found = value.Rank == 0 ? [value.ToScalar()] : Samples.Elements(value.Read()), weights = Samples.Uniform<double>(1, found.Length, 99);
        tape.Backward((value * (value.Rank == 0 ? tape.Constant(weights[0]) : tape.Constant(Tensor.Create(weights, value.Lengths)))).Sum());

        torch.Tensor[] theirs = [.. operands.Select((values, at) => torch.tensor(values, Longs(one.Shapes[at])).requires_grad_())];
        torch.Tensor expected = one.Theirs(theirs);
        (expected.reshape(weights.Length) * torch.tensor(weights)).sum().backward();
        return Enumerable.Range(0, ours.Length).Select(at => Difference(Samples.Elements(ours[at].ReadGradient()), theirs[at].grad!)).Append(Difference(found, expected.detach())).Max();
    }

    /// <summary>The largest difference of a parameter that both drive towards a target.</summary>
    private static double Follow(OptimizerRule rule, Func<Parameter, torch.optim.Optimizer> create, ComputeDevice host)
    {
        double[] first = Samples.Uniform<double>(3, 5, 1), target = Samples.Uniform<double>(3, 5, 2);
        ParameterSet<double> parameters = new(seed: 1);
        Parameter<double> ours = parameters.Add("x", Initializer.Constant(0), 3, 5);
        ours.Write(Tensor.Create(first, [3, 5]));
        using Tape<double> tape = new(host) { IsTraining = true };
        Optimizer<double> optimizer = new(parameters, rule);
        using Parameter theirs = new(torch.tensor(first, [3, 5]));
        using torch.Tensor aim = torch.tensor(target, [3, 5]);
        using torch.optim.Optimizer peer = create(theirs);
        for (int step = 0; step < Steps; step++)
        {
            tape.Clear();
            tape.Backward((tape.Of(ours) - tape.Constant(Tensor.Create(target, [3, 5]))).Square().Square().Sum());
            optimizer.Step(tape);
            peer.zero_grad();
            (theirs - aim).square().square().sum().backward();
            peer.step();
        }

        return Difference(Samples.Elements(ours.Read()), theirs.detach());
    }

    /// <summary>The largest difference, as a part of the largest element.</summary>
    public static double Difference(double[] ours, torch.Tensor theirs)
    {
        double[] expected = theirs.contiguous().data<double>().ToArray();
        if (expected.Length != ours.Length) return double.PositiveInfinity;
        double largest = Math.Max(1e-300, expected.Max(Math.Abs));
        return ours.Zip(expected, (our, their) => Math.Abs(our - their)).Max() / largest;
    }

    private static torch.Tensor Attended(torch.Tensor[] x, bool isCausal)
    {
        torch.Tensor seen = F.scaled_dot_product_attention(Heads(x[0]), Heads(x[1]), Heads(x[2]), is_casual: isCausal);
        return seen.transpose(1, 2).reshape(x[0].shape);

        static torch.Tensor Heads(torch.Tensor one) => one.reshape(one.shape[0], one.shape[1], 2, 3).transpose(1, 2);
    }

    private static Var<double> Spread(Var<double> x) => x.MatMul(x, transposeOther: true) + x.Tape.Constant(Tensor.Create([.. Enumerable.Range(0, 36).Select(at => at % 7 == 0 ? 1.0 : 0)], [6, 6]));

    private static torch.Tensor Spread(torch.Tensor x) => x.matmul(x.transpose(0, 1)) + torch.eye(6, dtype: torch.float64);

    private static torch.Tensor Cosines(torch.Tensor[] x) => F.normalize(x[0]).matmul(F.normalize(x[1]).transpose(0, 1));

    private static torch.Tensor BothWays(torch.Tensor logits)
    {
        torch.Tensor partners = torch.arange(logits.shape[0]);
        return 0.5 * (F.cross_entropy(logits, partners) + F.cross_entropy(logits.transpose(0, 1), partners));
    }

    private static torch.Tensor Correlation(torch.Tensor x, torch.Tensor y, double ridge) =>
        TorchDeepCorrelation.Loss(x - x.mean([0]), y - y.mean([0]), ridge * torch.eye(x.shape[1], dtype: torch.float64), ridge * torch.eye(y.shape[1], dtype: torch.float64));

    private static long[] Longs(int[] shape) => Array.ConvertAll(shape, length => (long)length);
}
