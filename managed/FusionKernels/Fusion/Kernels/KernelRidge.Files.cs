namespace FusionKernels;

/// <content>Regressions in the files of models.</content>
public sealed partial class KernelRidge
{
    /// <summary>Writes the coefficients.</summary>
    internal void Write(ModelStateWriter file)
    {
        file.Add("coefficients", _coefficients, _trainingRows, Outputs);
        file.Add("solve", [Ridge, RelativeResidual, Refinements]);
    }

    /// <summary>Reads a regression.</summary>
    internal static KernelRidge Read(ModelStateReader file, int rows, int outputs)
    {
        double[] solve = file.Numbers("solve", 3);
        return new(file.Numbers("coefficients", rows, outputs), rows, outputs, solve[0], solve[1], (int)Math.Clamp(solve[2], 0, 100));
    }
}
