using System.Numerics.Tensors;
using FusionKernels.Kernels.Engines;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Learnings;

[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.Real))]
public sealed class TrainingTests(TestEngine engine)
{
    private const int Rows = 90;

    private static readonly Tensor<float> s_x = Tensor.Create(GradientCheck.Values(1, Rows, 6).Select(value => (float)value).ToArray(), [Rows, 6]);
    private static readonly int[] s_labels = [.. Enumerable.Range(0, Rows).Select(row => (s_x[row, 0] > 0 ? 1 : 0) + (s_x[row, 1] * s_x[row, 2] > 0 ? 1 : 0))];

    [Test]
    public void EveryParameterMovesInOneStepWithEveryOptimizer()
    {
        foreach (OptimizerRule rule in (OptimizerRule[])[new Sgd(), new Sgd { IsNesterov = true }, new Adam(), new AdamW()])
        {
            ParameterSet<float> parameters = new(seed: 3);
            DenseLayers<float> net = new(parameters, [6, 8, 3], Activation.Tanh);
            Tensor<float>[] before = [.. parameters.All.Select(parameter => parameter.Read())];
            Trainer.Fit(parameters, rule, Rows, LossOf(net), new() { Device = engine.Device, Epochs = 1, BatchSize = Rows });
            for (int i = 0; i < before.Length; i++)
            {
                Assert.That(GradientCheck.Flat(parameters.All[i].Read()), Is.Not.EqualTo(GradientCheck.Flat(before[i])), $"{rule}: {parameters.All[i].Name}");
            }
        }
    }

    [Test]
    public void OptimizersFollowTheirDefinitions()
    {
        foreach (OptimizerRule rule in (OptimizerRule[])
            [new Sgd { LearningRate = 0.1, WeightDecay = 0.2 }, new Sgd { LearningRate = 0.1, IsNesterov = true }, new Adam { LearningRate = 0.1, WeightDecay = 0.2 }, new AdamW { LearningRate = 0.1, ClipNorm = 0.5 }])
        {
            ParameterSet<float> parameters = new(seed: 1);
            Parameter<float> p = parameters.Add("p", Initializer.Normal(1), 3, 5);
            double[] expected = [.. GradientCheck.Flat(p.Read()).Select(value => (double)value)], first = new double[15], second = new double[15];
            using Tape<float> tape = new(engine.Device);
            Optimizer<float> optimizer = new(parameters, rule);
            for (int step = 1; step <= 4; step++)
            {
                tape.Clear();
                tape.Backward(tape.Of(p).Square().Sum() * 0.5);
                optimizer.Step(tape);
                OptimizerReference.Step(rule, step, expected, [.. expected], first, second);
            }

            Assert.That(GradientCheck.Flat(p.Read()).Select(value => (double)value), Is.EqualTo(expected).Within(1e-5), $"{rule}");
        }
    }

    [Test]
    public void LearnsAndStopsEarlyWithTheBestWeights()
    {
        ParameterSet<float> parameters = new(seed: 3);
        DenseLayers<float> net = new(parameters, [6, 24, 3]);
        TrainingResult result = Trainer.Fit(
            parameters,
            new Adam { LearningRate = 0.02, ClipNorm = 5, WarmUpSteps = 3, CosineSteps = 400 },
            Rows,
            LossOf(net),
            new() { Device = engine.Device, Epochs = 60, BatchSize = 16, ValidationShare = 0.2, Patience = 8 });
        Assert.That(result.TrainingLosses[^1], Is.LessThan(0.5 * result.TrainingLosses[0]));
        Assert.That(result.BestLoss, Is.EqualTo(result.ValidationLosses.Min()));
        Assert.That(result.ToSvg(), Does.StartWith("<svg").And.Contain("polyline"));
        (int[] _, int[] kept) = RowOrder.Split(Rows, new() { ValidationShare = 0.2 });
        using Tape<float> tape = new(engine.Device);
        double loss = 0;
        foreach (int[] batch in kept.Chunk(16))
        {
            tape.Clear();
            loss += LossOf(net)(tape, batch).ToScalar() * (double)batch.Length / kept.Length;
        }

        Assert.That(loss, Is.EqualTo(result.BestLoss).Within(1e-5));
    }

    [Test]
    public void SameBitsFromRunToRunAndForAnyNumberOfThreads()
    {
        float[] one = Weights(1), again = Weights(1), all = Weights(0);
        Assert.That(again, Is.EqualTo(one));
        Assert.That(all, Is.EqualTo(one));

        float[] Weights(int threads)
        {
            ParameterSet<float> parameters = new(seed: 3);
            DenseLayers<float> net = new(parameters, [6, 96, 64, 3], dropout: 0.1);
            Trainer.Fit(parameters, new AdamW(), Rows, LossOf(net), new() { Device = engine.Device, Epochs = 3, BatchSize = 40, Threads = threads });
            return [.. parameters.All.SelectMany(parameter => GradientCheck.Flat(parameter.Read()))];
        }
    }

    [Test]
    public void ResumesWithTheBitsOfAnUninterruptedRun()
    {
        using TemporaryFolder folder = new();
        string path = folder["run.safetensors"];
        float[] whole = Run(null, 6);
        Run(path, 2);
        Assert.That(Run(path, 6), Is.EqualTo(whole));
        Assert.Throws<DataFormatException>(() => Run(path, 7, seed: 2));

        float[] Run(string? checkpoint, int epochs, ulong seed = 1)
        {
            ParameterSet<float> parameters = new(seed: 3);
            DenseLayers<float> net = new(parameters, [6, 8, 3], dropout: 0.2);
            Trainer.Fit(parameters, new AdamW { LearningRate = 0.01 }, Rows, LossOf(net), new() { Device = engine.Device, Epochs = epochs, BatchSize = 32, Seed = seed, Checkpoint = checkpoint, ValidationShare = 0.1 });
            return [.. parameters.All.SelectMany(parameter => GradientCheck.Flat(parameter.Read()))];
        }
    }

    [Test]
    public void ResumesWithItsRunningCovariance()
    {
        using TemporaryFolder folder = new();
        string path = folder["run.safetensors"];
        float[] whole = Run(null, 6);
        Run(path, 2);
        Assert.That(Run(path, 6), Is.EqualTo(whole));
        string text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(path));
        File.WriteAllBytes(path, System.Text.Encoding.Latin1.GetBytes(text.Replace("\"running.0\":\"0.", "\"running.0\":\"7.", StringComparison.Ordinal)));
        Assert.That(() => Run(path, 7), Throws.TypeOf<DataFormatException>().With.Message.Contain("running covariance"));

        float[] Run(string? checkpoint, int epochs)
        {
            ParameterSet<float> parameters = new(seed: 3);
            DenseLayers<float> a = new(parameters.In("a"), [6, 3]), b = new(parameters.In("b"), [6, 3]);
            CorrelationLossOptions correlation = new() { Running = new(0.8) };
            Trainer.Fit(
                parameters,
                new Adam { LearningRate = 0.01 },
                Rows,
                (tape, rows) => Loss.CanonicalCorrelation(a.Forward(tape.Rows(s_x, rows)), b.Forward(tape.Rows(s_x, rows).Square()), correlation),
                new() { Device = engine.Device, Epochs = epochs, BatchSize = 32, Checkpoint = checkpoint, Running = [correlation.Running] });
            return [.. parameters.All.SelectMany(parameter => GradientCheck.Flat(parameter.Read()))];
        }
    }

    [Test]
    public void LossesAgreeWithTheHostOverAHundredSteps()
    {
        using ComputeDevice host = ComputeDevice.Open("host");
        Assert.That(Losses(engine.Device), Is.EqualTo(Losses(host)).Within(Tolerances.LossAfterAHundredSteps));

        static IReadOnlyList<double> Losses(ComputeDevice device)
        {
            ParameterSet<float> parameters = new(seed: 3);
            DenseLayers<float> net = new(parameters, [6, 8, 3], Activation.Tanh);
            return Trainer.Fit(parameters, new Adam { LearningRate = 0.01 }, Rows, LossOf(net), new() { Device = device, Epochs = 100, BatchSize = Rows }).TrainingLosses;
        }
    }

    [Test]
    public void StoppedTrainingKeepsTheBestWeights()
    {
        using CancellationTokenSource stop = new();
        ParameterSet<float> parameters = new(seed: 3), whole = new(seed: 3);
        DenseLayers<float> net = new(parameters, [6, 8, 3]), other = new(whole, [6, 8, 3]);
        TrainingOptions options = new() { Device = engine.Device, Epochs = 50, BatchSize = 16, Progress = new StopAt(4, stop), Stop = stop.Token };
        TrainingResult result = Trainer.Fit(parameters, new Adam(), Rows, LossOf(net), options);
        Trainer.Fit(whole, new Adam(), Rows, LossOf(other), options with { Epochs = 4, Progress = null, Stop = default });
        Assert.That((result.TrainingLosses.Count, result.BestEpoch), Is.EqualTo((4, 4)));
        Assert.That(GradientCheck.Flat(parameters.All[0].Read()), Is.EqualTo(GradientCheck.Flat(whole.All[0].Read())));
        Assert.That(() => Trainer.Fit(parameters, new Adam(), Rows, LossOf(net), options), Throws.InstanceOf<OperationCanceledException>(), "nothing to keep before the first epoch");
    }

    private sealed class StopAt(int epoch, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Epoch == epoch) stop.Cancel();
        }
    }

    [Test]
    public void NonFiniteLossNamesStepAndOperation()
    {
        ParameterSet<float> parameters = new(seed: 3);
        DenseLayers<float> net = new(parameters, [6, 3]);
        int steps = 0;
        NumericalException error = Assert.Throws<NumericalException>(() => Trainer.Fit(
            parameters,
            new Sgd(),
            Rows,
            (tape, rows) =>
            {
                Var<float> y = net.Forward(tape.Rows(s_x, rows));
                return (++steps == 3 ? (y - 100).Log() : y).Square().Mean();
            },
            new() { Device = engine.Device, BatchSize = 30, Epochs = 1 }))!;
        Assert.That(error.Message, Does.Contain("step 3").And.Contain("Log"));
    }

    [Test]
    public void WhatAttentionMeetsNamesStepAndOperation()
    {
        ParameterSet<float> parameters = new(seed: 3);
        DenseLayers<float> net = new(parameters, [6, 3]);
        int steps = 0;
        NumericalException error = Assert.Throws<NumericalException>(() => Trainer.Fit(
            parameters,
            new Sgd(),
            Rows,
            (tape, rows) =>
            {
                Var<float> y = net.Forward(tape.Rows(s_x, rows));
                Var<float> z = (++steps == 3 ? (y - 100).Log() : y).Reshape(1, rows.Length, 3);
                return z.Attention(z, z, 1).Square().Mean();
            },
            new() { Device = engine.Device, BatchSize = 30, Epochs = 1 }))!;
        Assert.That(error.Message, Does.StartWith("Trainer.Fit: step 3, Log").And.Contain("q holds NaN").Or.Contain("k holds NaN"));
    }

    [Test]
    public void ALossThatIsNoNumberLeavesTheBestWeights()
    {
        ParameterSet<float> parameters = new(seed: 3), whole = new(seed: 3);
        DenseLayers<float> net = new(parameters, [6, 8, 3]), other = new(whole, [6, 8, 3]);
        TrainingOptions options = new() { Device = engine.Device, Epochs = 4, BatchSize = 30 };
        int steps = 0;
        BatchLoss<float> loss = LossOf(net), breaks = (tape, rows) => ++steps == 11 ? (loss(tape, rows) * 0).Log() : loss(tape, rows);
        Assert.That(() => Trainer.Fit(parameters, new Adam(), Rows, breaks, options), Throws.TypeOf<NumericalException>());
        Trainer.Fit(whole, new Adam(), Rows, LossOf(other), options with { Epochs = 3 });
        Assert.That(GradientCheck.Flat(parameters.All[0].Read()), Is.EqualTo(GradientCheck.Flat(whole.All[0].Read())));
    }

    [Test]
    public void ADamagedCheckpointIsRefusedAndTheWeightsStay()
    {
        using TemporaryFolder folder = new();
        string path = folder["run.safetensors"];
        ParameterSet<float> parameters = new(seed: 3);
        DenseLayers<float> net = new(parameters, [6, 8, 3]);
        RunningCovariance running = new(0.8);
        TrainingOptions options = new() { Device = engine.Device, Epochs = 2, BatchSize = 32, Checkpoint = path, Running = [running] };
        CorrelationLossOptions correlation = new() { Running = running };
        BatchLoss<float> loss = (tape, rows) => LossOf(net)(tape, rows) + (0.1 * Loss.CanonicalCorrelation(net.Forward(tape.Rows(s_x, rows)).Columns(0, 2), tape.Rows(s_x, rows).Columns(0, 2), correlation));
        Trainer.Fit(parameters, new Adam(), Rows, loss, options);
        byte[] good = File.ReadAllBytes(path);
        (float[][] weights, double[] covariance) = (Weights(), running.State());
        int header = (int)BitConverter.ToUInt64(good, 0);
        byte[] endless = (byte[])good.Clone(), notFinite = (byte[])good.Clone();
        BitConverter.TryWriteBytes(endless, ulong.MaxValue);
        for (int at = 8 + header; at < good.Length; at += sizeof(float)) BitConverter.TryWriteBytes(notFinite.AsSpan(at), float.NaN);
        foreach (byte[] bad in (byte[][])[[], good[..7], good[..(8 + header)], good[..^1], [.. good, 0], endless, notFinite, Changed("\"best_epoch\":\"", "\"best_epoch\":\"9"), Changed("\"0.weight\"", "\"9.weight\""), Changed("optimizer.state", "optimizer.stat_")])
        {
            File.WriteAllBytes(path, bad);
            Assert.That(() => Trainer.Fit(parameters, new Adam(), Rows, loss, options with { Epochs = 4 }), Throws.TypeOf<DataFormatException>().With.Message.Contain("run.safetensors"));
            Assert.That(File.ReadAllBytes(path), Is.EqualTo(bad), "what is wrong is left for its owner to look at");
            Assert.That((Weights(), running.State()), Is.EqualTo((weights, covariance)));
        }

        float[][] Weights() => [.. parameters.All.Select(parameter => GradientCheck.Flat(parameter.Read()))];

        byte[] Changed(string from, string to)
        {
            byte[] bytes = (byte[])good.Clone();
            int at = bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(from));
            Assert.That(at, Is.GreaterThan(0), from);
            System.Text.Encoding.UTF8.GetBytes(to).CopyTo(bytes, at);
            return bytes;
        }
    }

    [TestCase(-1)]
    [TestCase(3)]
    public void ALabelOutOfRangeIsNamed(int label)
    {
        using Tape<float> tape = new(engine.Device);
        Var<float> logits = tape.Constant(Tensor.Create(new float[6], [2, 3]));
        Assert.That(() => Loss.CrossEntropy(logits, 1, label), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contain("index 1 is outside a row of 3"));
    }

    [Test]
    public void InitialValuesFollowFromTheSeedOnEveryEngine()
    {
        float[][] host = Values(3, null), device = Values(3, engine.Device), other = Values(4, engine.Device);
        Assert.That(device, Is.EqualTo(host));
        Assert.That(other[0], Is.Not.EqualTo(host[0]));
        Assert.That(host[0].Average(value => value * value), Is.EqualTo(2.0 / 40).Within(0.006), "He: 2 over the inputs, in front of a rectifier");
        Assert.That(host[1], Is.All.Zero);

        static float[][] Values(ulong seed, ComputeDevice? device)
        {
            ParameterSet<float> parameters = new(seed);
            DenseLayers<float> net = new(parameters, [40, 60, 3]);
            using Tape<float> tape = new(device);
            _ = net.Forward(tape.Constant(Tensor.Create(new float[80], [2, 40]))).Read();
            return [.. parameters.All.Select(parameter => GradientCheck.Flat(parameter.Read()))];
        }
    }

    [Test]
    public void MemoryStaysFlat() => StepsTakeNoMemory(engine.Kind == DeviceKind.Host ? 10_000 : 200);

    [Test]
    [Category("Slow")]
    public void MemoryStaysFlatOverTenThousandSteps() => StepsTakeNoMemory(10_000);

    private void StepsTakeNoMemory(int steps)
    {
        ParameterSet<float> parameters = new(seed: 3);
        DenseLayers<float> net = new(parameters, [6, 8, 3], Activation.GeluTanh);
        using Tape<float> tape = new(engine.Device);
        Optimizer<float> optimizer = new(parameters, new Adam());
        int[] rows = [.. Enumerable.Range(0, 32)];
        long bytes = 0, live = 0, managed = 0;
        for (int step = 0; step < steps; step++)
        {
            tape.Clear();
            tape.Backward(LossOf(net)(tape, rows));
            optimizer.Step(tape);
            if (step == 100) (live, bytes, managed) = (engine.LiveBuffers, engine.Device.AllocatedBytes, GC.GetTotalMemory(forceFullCollection: true));
        }

        Assert.That(engine.LiveBuffers, Is.AtMost(live), "others may have left some to the collector, which are gone now");
        Assert.That(engine.Device.AllocatedBytes, Is.AtMost(bytes));
        Assert.That(GC.GetTotalMemory(forceFullCollection: true), Is.LessThan(managed + (1 << 20)), "other fixtures leave some to the collector, too");
    }

    private static BatchLoss<float> LossOf(DenseLayers<float> net) => (tape, rows) =>
    {
        int[] labels = new int[rows.Length];
        for (int i = 0; i < labels.Length; i++) labels[i] = s_labels[rows[i]];
        return Loss.CrossEntropy(net.Forward(tape.Rows(s_x, rows)), labels);
    };
}
