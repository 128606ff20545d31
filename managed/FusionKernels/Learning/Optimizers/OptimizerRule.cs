using System.Numerics;
using FusionKernels.Kernels.Elementwise;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>How parameters follow their gradients.</summary>
public abstract record OptimizerRule
{
    /// <summary>The learning rate after the warm-up; 0.001 by default.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Decay of weights with two dimensions or more; biases and gains do not decay. 0 by default.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Gradients of a larger norm over all parameters are scaled down to it; 0 (the default) for no bound.</summary>
    public double ClipNorm { get; init; }

    /// <summary>Steps over which the rate rises linearly from rate / steps; 0 by default.</summary>
    public int WarmUpSteps { get; init; }

    /// <summary>The step at which a half cosine has brought the rate down to <see cref="FinalShare"/>, and there it stays; 0 (the default) for a constant rate.</summary>
    public int CosineSteps { get; init; }

    /// <summary>What is left of the rate at the end of the cosine; 0 by default.</summary>
    public double FinalShare { get; init; }

    /// <summary>Whether a second state is kept for each parameter.</summary>
    internal abstract bool HasSecond { get; }

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">The step, from 1.</param>
    public double RateAt(int step)
    {
        if (step <= WarmUpSteps) return LearningRate * step / WarmUpSteps;
        if (CosineSteps <= 0) return LearningRate;
        double done = Math.Clamp((step - WarmUpSteps) / (double)Math.Max(1, CosineSteps - WarmUpSteps), 0, 1);
        return LearningRate * (FinalShare + ((1 - FinalShare) * 0.5 * (1 + Math.Cos(Math.PI * done))));
    }

    /// <summary>Throws where a number is out of range.</summary>
    internal virtual void Check()
    {
        Require(LearningRate >= 0, nameof(LearningRate), LearningRate);
        Require(WeightDecay >= 0, nameof(WeightDecay), WeightDecay);
        Require(ClipNorm >= 0, nameof(ClipNorm), ClipNorm);
        Require(WarmUpSteps >= 0, nameof(WarmUpSteps), WarmUpSteps);
        Require(CosineSteps >= 0, nameof(CosineSteps), CosineSteps);
        Require(FinalShare is >= 0 and <= 1, nameof(FinalShare), FinalShare);
    }

    /// <summary>Takes a step for some parameters.</summary>
    internal abstract void Step<T>(Engine engine, in OptimizerStep<T> step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Throws where a number is out of range.</summary>
    protected static void Require(bool holds, string name, double value)
    {
        if (!holds || !double.IsFinite(value)) throw new ArgumentOutOfRangeException(name, value, "the number is out of range");
    }
}

/// <summary>Parameters, their gradients and states, and what holds for all of them in one step.</summary>
internal readonly record struct OptimizerStep<T>(
    Operand<T> Parameters, Operand<T> Gradients, Operand<T> First, Operand<T> Second, int Number, double Rate, double Decay, double Scale, RunSettings Settings)
    where T : unmanaged;

/// <summary>Stochastic gradient descent with momentum.</summary>
public sealed record Sgd : OptimizerRule
{
    /// <summary>How much of the last step goes on, 0 to below 1; 0.9 by default.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether the gradient is followed from where the momentum leads (Nesterov 1983, as Sutskever et al. 2013); off by default.</summary>
    public bool IsNesterov { get; init; }

    internal override bool HasSecond => false;

    internal override void Check()
    {
        base.Check();
        Require(Momentum is >= 0 and < 1, nameof(Momentum), Momentum);
    }

    internal override void Step<T>(Engine engine, in OptimizerStep<T> step)
    {
        StepCall<T, MomentumStep<T>> call = new()
        {
            Parameters = step.Parameters,
            Gradients = step.Gradients,
            First = step.First,
            Rule = new(Of<T>(step.Rate), Of<T>(Momentum), Of<T>(IsNesterov ? Momentum : 0), Of<T>(IsNesterov ? 1 : 0), Of<T>(step.Decay), Of<T>(step.Scale)),
            Settings = step.Settings,
        };
        engine.Execute(ref call);
    }

    private static T Of<T>(double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.CreateChecked(value);
}

/// <summary>Adam (Kingma and Ba 2015); weight decay is added to the gradient.</summary>
public record Adam : OptimizerRule
{
    /// <summary>How much of the mean gradient is kept, 0 to below 1; 0.9 by default.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>How much of the mean squared gradient is kept, 0 to below 1; 0.999 by default.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the mean squared gradient, more than 0; 1e-8 by default.</summary>
    public double Epsilon { get; init; } = 1e-8;

    internal override bool HasSecond => true;

    /// <summary>Whether weight decay is taken from the parameters rather than added to gradients.</summary>
    private protected virtual bool IsDecoupled => false;

    internal override void Check()
    {
        base.Check();
        Require(Beta1 is >= 0 and < 1, nameof(Beta1), Beta1);
        Require(Beta2 is >= 0 and < 1, nameof(Beta2), Beta2);
        Require(Epsilon > 0, nameof(Epsilon), Epsilon);
    }

    internal override void Step<T>(Engine engine, in OptimizerStep<T> step)
    {
        double correction1 = 1 - Math.Pow(Beta1, step.Number), correction2 = 1 - Math.Pow(Beta2, step.Number);
        StepCall<T, AdamStep<T>> call = new()
        {
            Parameters = step.Parameters,
            Gradients = step.Gradients,
            First = step.First,
            Second = step.Second,
            Rule = new(
                Of<T>(step.Rate / correction1),
                Of<T>(Beta1),
                Of<T>(Beta2),
                Of<T>(1 / Math.Sqrt(correction2)),
                Of<T>(Epsilon),
                Of<T>(IsDecoupled ? 0 : step.Decay),
                Of<T>(IsDecoupled ? 1 - (step.Rate * step.Decay) : 1),
                Of<T>(step.Scale)),
            Settings = step.Settings,
        };
        engine.Execute(ref call);
    }

    private static T Of<T>(double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.CreateChecked(value);
}

/// <summary>Adam whose weight decay is taken from the parameters (Loshchilov and Hutter 2019); 0.01 by default.</summary>
public sealed record AdamW : Adam
{
    /// <summary>AdamW with a weight decay of 0.01.</summary>
    public AdamW() => WeightDecay = 0.01;

    private protected override bool IsDecoupled => true;
}
