using System.Numerics.Tensors;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Learnings;

[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Real))]
[Parallelizable]
public sealed class OperationGradientTests(TestEngine engine)
{
    private static Tensor<double> V(int seed, params int[] lengths) => GradientCheck.Values(seed, lengths);

    private static Tensor<double> Positive(int seed, params int[] lengths)
    {
        Tensor<double> values = V(seed, lengths);
        Tensor.Abs<double>(values, values);
        return values;
    }

    private static Tensor<double> PositiveDefinite(int seed, int size)
    {
        double[] root = GradientCheck.Flat(V(seed, size, size)), matrix = new double[size * size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                matrix[(i * size) + j] = i == j ? 1 : 0;
                for (int k = 0; k < size; k++) matrix[(i * size) + j] += root[(i * size) + k] * root[(j * size) + k] / size;
            }
        }

        return Tensor.Create(matrix, [size, size]);
    }

    [TestCase(Activation.None)]
    [TestCase(Activation.Relu)]
    [TestCase(Activation.LeakyRelu)]
    [TestCase(Activation.Tanh)]
    [TestCase(Activation.Sigmoid)]
    [TestCase(Activation.Gelu)]
    [TestCase(Activation.GeluTanh)]
    public void ActivationsAloneAndBehindProducts(Activation activation)
    {
        GradientCheck.Run(engine, x => x[0].Activate(activation), V(1, 3, 7));
        GradientCheck.Run(engine, x => x[0].Linear(x[1], x[2], activation), V(1, 5, 3), V(2, 4, 3), V(3, 4));
        GradientCheck.Run(engine, x => x[0].Linear(x[1], null, activation), V(1, 2, 2, 3), V(2, 5, 3));
    }

    [Test]
    public void FunctionsOfOneOperand()
    {
        GradientCheck.Run(engine, x => x[0].Square(), V(1, 5));
        GradientCheck.Run(engine, x => x[0].Exp(), V(1, 5));
        GradientCheck.Run(engine, x => x[0].Log(), Positive(1, 5));
        GradientCheck.Run(engine, x => x[0].Sqrt(), Positive(1, 5));
        GradientCheck.Run(engine, x => x[0].Abs(), V(1, 5));
        GradientCheck.Run(engine, x => x[0].Clamp(-0.5, 0.55), V(1, 9));
        GradientCheck.Run(engine, x => 3 - (2 * x[0]) + (x[0] / 4) - 1, V(1, 5));
        GradientCheck.Run(engine, x => x[0].Dropout(0.4), V(1, 9, 11));
    }

    [Test]
    public void OperandsThatRepeat()
    {
        Tensor<double> whole = V(1, 2, 3, 5);
        foreach (Tensor<double> other in (Tensor<double>[])[V(2, 2, 3, 5), V(2, 3, 5), V(2, 5), V(2, 1, 3, 5), V(2, 2, 3, 1), V(2, 1)])
        {
            GradientCheck.Run(engine, x => x[0] + x[1], whole, other);
            GradientCheck.Run(engine, x => x[1] - x[0], whole, other);
            GradientCheck.Run(engine, x => x[0] * x[1], whole, other);
            GradientCheck.Run(engine, x => x[1] / x[0], whole, other);
            GradientCheck.Run(engine, x => x[0] / x[1], whole, other);
        }

        GradientCheck.Run(engine, x => x[0] * x[0], V(1, 4));
    }

    [Test]
    public void Products()
    {
        foreach (bool transposeThis in (bool[])[false, true])
        {
            foreach (bool transposeOther in (bool[])[false, true])
            {
                int[] a = transposeThis ? [3, 4] : [4, 3], b = transposeOther ? [5, 3] : [3, 5];
                GradientCheck.Run(engine, x => x[0].MatMul(x[1], transposeThis, transposeOther), V(1, a), V(2, b));
                GradientCheck.Run(engine, x => x[0].MatMul(x[1], transposeThis, transposeOther), V(1, [2, .. a]), V(2, [2, .. b]));
                GradientCheck.Run(engine, x => x[0].MatMul(x[1], transposeThis, transposeOther), V(1, [2, .. a]), V(2, b));
            }
        }
    }

    [Test]
    public void WholeRows()
    {
        GradientCheck.Run(engine, x => x[0].Softmax(), V(1, 3, 7));
        GradientCheck.Run(engine, x => x[0].LogSoftmax(), V(1, 3, 7));
        GradientCheck.Run(engine, x => x[0].Standardize(), V(1, 3, 7));
        GradientCheck.Run(engine, x => x[0].LayerNorm(x[1], x[2]), V(1, 2, 3, 7), V(2, 7), V(3, 7));
        GradientCheck.Run(engine, x => x[0].Unit(), V(1, 3, 7));
        GradientCheck.Run(engine, x => x[0].Sum(), V(1, 3, 7));
        GradientCheck.Run(engine, x => x[0].Mean(), V(1, 71, 9));
        foreach (int axis in (int[])[0, 1, 2, -1]) GradientCheck.Run(engine, x => x[0].Mean(axis), V(1, 2, 3, 4));
    }

    [Test]
    public void ShapesAndIndices()
    {
        GradientCheck.Run(engine, x => x[0].Reshape(6, -1) * x[1], V(1, 2, 3, 4), V(2, 4));
        GradientCheck.Run(engine, x => x[0].Reshape(4) + x[0].Reshape(2, 2).Exp().Reshape(4), V(1, 2, 2));
        GradientCheck.Run(engine, x => x[0].Transpose(), V(1, 3, 4));
        GradientCheck.Run(engine, x => x[0].Columns(1, 2), V(1, 3, 4));
        GradientCheck.Run(engine, x => Var<double>.Concat(x[0], x[1], x[0]), V(1, 2, 3, 4), V(2, 2, 3, 1));
        GradientCheck.Run(engine, x => Var<double>.Stack(x[0], x[1]), V(1, 2, 3, 4), V(2, 2, 1, 4));
        GradientCheck.Run(engine, x => x[0].Gather(2, 0, 2, 2), V(1, 4, 3));
        GradientCheck.Run(engine, x => x[0].Pick(2, 0, 1), V(1, 3, 4));
    }

    [Test]
    public void Factors()
    {
        GradientCheck.Run(engine, x => x[0].Cholesky(), PositiveDefinite(1, 4));
        GradientCheck.Run(engine, x => x[0].MatMul(x[0], transposeOther: true).Cholesky(), V(1, 3, 7));
        foreach (bool transpose in (bool[])[false, true])
        {
            GradientCheck.Run(engine, x => x[0].SolveLower(x[1], transpose), PositiveDefinite(1, 4), V(2, 4, 3));
            GradientCheck.Run(engine, x => x[0].Cholesky().SolveLower(x[1], transpose), PositiveDefinite(1, 4), V(2, 4, 3));
        }
    }

    /// <summary>Beyond the leaves of the factorisation, along one direction.</summary>
    [Test]
    public void FactorsOfManyRows()
    {
        const int Size = 37;
        const double Step = 1e-5;
        Tensor<double> right = V(2, Size, 5), direction = V(3, Size, Size), matrix = PositiveDefinite(1, Size);
        ParameterSet<double> parameters = new();
        Parameter<double> a = parameters.Add("a", Initializer.Zeros, Size, Size);
        if (!engine.Device.Description.SupportsFloat64) Assert.Ignore($"{engine.Name} has no float64");
        using Tape<double> tape = new(engine.Device);
        double above = Value(Step), below = Value(-Step);
        tape.Backward(Loss(0));
        double along = GradientCheck.Flat(a.ReadGradient()).Zip(GradientCheck.Flat(direction), (gradient, way) => gradient * way).Sum();
        Assert.That(along, Is.EqualTo((above - below) / (2 * Step)).Within(Tolerances.GradientAgainstDifferences * Math.Max(1, Math.Abs(along))));

        double Value(double step) => Loss(step).ToScalar();

        Var<double> Loss(double step)
        {
            a.Write(Tensor.Add<double>(matrix, Tensor.Multiply<double>(direction, step)));
            tape.Clear();
            return tape.Of(a).Cholesky().SolveLower(tape.Constant(right)).Square().Sum();
        }
    }

    /// <summary>The loss of deep CCA made of these operations, whose closed form is another way to the same numbers.</summary>
    [Test]
    public void FactorsMakeTheLossOfCanonicalCorrelation()
    {
        const double Ridge = 0.01;
        CorrelationLossOptions options = new() { Objective = CorrelationObjective.SquaredFrobenius, Ridge = Ridge };
        GradientCheck.Run(engine, x => Composed(x[0], x[1]) - FusionKernels.Loss.CanonicalCorrelation(x[0], x[1], options), V(1, 11, 2), V(2, 11, 3));
        if (!engine.Device.Description.SupportsFloat64) Assert.Ignore($"{engine.Name} has no float64");
        using Tape<double> tape = new(engine.Device);
        Var<double> a = tape.Constant(V(1, 11, 2)), b = tape.Constant(V(2, 11, 3));
        Assert.That(Composed(a, b).ToScalar(), Is.EqualTo(FusionKernels.Loss.CanonicalCorrelation(a, b, options).ToScalar()).Within(1e-12));

        static Var<double> Composed(Var<double> x, Var<double> y)
        {
            (Var<double> a, Var<double> b) = (x - x.Mean(0), y - y.Mean(0));
            Var<double> cross = Factor(a).SolveLower(Product(a, b)), whitened = Factor(b).SolveLower(cross.Transpose());
            return whitened.Square().Sum() * -1;
        }

        static Var<double> Factor(Var<double> a)
        {
            int size = (int)a.Lengths[1];
            double[] ridge = new double[size * size];
            for (int i = 0; i < size; i++) ridge[i * (size + 1)] = Ridge;
            return (Product(a, a) + a.Tape.Constant(Tensor.Create(ridge, [size, size]))).Cholesky();
        }

        static Var<double> Product(Var<double> a, Var<double> b) => a.MatMul(b, transposeThis: true) / ((double)a.Lengths[0] - 1);
    }

    [Test]
    public void FactorsSayWhatIsWrong()
    {
        using Tape<float> tape = new(engine.Device);
        Var<float> indefinite = tape.Constant(Tensor.Create<float>([1, 2, 2, 1], [2, 2])), wide = tape.Constant(Tensor.Create(new float[6], [2, 3]));
        Assert.That(() => indefinite.Cholesky(), Throws.TypeOf<NumericalException>().With.Message.Contain("pivot 1 of 2"));
        Assert.That(() => wide.Cholesky(), Throws.ArgumentException.With.Message.Contain("2 x 3"));
        Assert.That(() => wide.SolveLower(wide), Throws.ArgumentException.With.Message.Contain("2 x 3"));
        Assert.That(tape.Constant(Tensor.Create(Array.Empty<float>(), [0, 0])).Cholesky().Lengths.ToArray(), Is.EqualTo(new nint[] { 0, 0 }));
    }

    [Test]
    public void Losses()
    {
        GradientCheck.Run(engine, x => Loss.CrossEntropy(x[0], 2, 0, 1), V(1, 3, 4));
        GradientCheck.Run(engine, x => Loss.CrossEntropy(x[0], x[0].Tape.Constant(Positive(2, 3, 4))), V(1, 3, 4));
        GradientCheck.Run(engine, x => Loss.MeanSquaredError(x[0], x[1]), V(1, 3, 4), V(2, 3, 4));
        GradientCheck.Run(engine, x => Loss.BinaryCrossEntropy(x[0], x[0].Tape.Constant(Positive(2, 3, 4))), V(1, 3, 4));
        GradientCheck.Run(engine, x => Loss.Divergence(x[0], x[1]), V(1, 3, 4), V(2, 3, 4));
        GradientCheck.Run(engine, x => Loss.EvidenceBound(x[0], x[1], x[2], x[3], beta: 0.5), V(1, 3, 4), V(2, 3, 4), V(3, 3, 2), V(4, 3, 2));
    }

    [Test]
    public void ReversedGradientIsMinusLambdaTimesItExactly()
    {
        if (!engine.Device.Description.SupportsFloat64) Assert.Ignore("no float64");
        ParameterSet<double> parameters = new();
        Parameter<double> p = parameters.Add("p", Initializer.Normal(1), 5);
        using Tape<double> tape = new(engine.Device);
        tape.Backward(tape.Of(p).Square().Sum());
        double[] plain = GradientCheck.Flat(p.ReadGradient());
        tape.Clear();
        Var<double> reversed = tape.Of(p).ReverseGradient(0.5);
        Assert.That(GradientCheck.Flat(reversed.Read()), Is.EqualTo(GradientCheck.Flat(p.Read())));
        tape.Backward(reversed.Square().Sum());
        Assert.That(GradientCheck.Flat(p.ReadGradient()), Is.EqualTo(plain.Select(gradient => -0.5 * gradient)));
    }
}
