namespace FusionKernels.Bench;

/// <summary>A figure on rows that were held out, and the setting that it was reached with.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Chosen">The name of the setting; null where there was nothing to choose.</param>
/// <param name="Tried">By setting: what it reached on the part of the training rows that chose.</param>
internal sealed record LearnedFigure(double Value, string? Chosen = null, IReadOnlyList<(string Setting, double Reached)>? Tried = null)
{
    /// <summary>Fits every setting and takes the one that reaches the most on rows kept from training; the first of equals.</summary>
    /// <param name="settings">Names and settings.</param>
    /// <param name="fit">Fits one.</param>
    /// <param name="reached">What it reaches on the rows that choose.</param>
    /// <param name="judge">The figure of the chosen one, by rows that had no part in it.</param>
    public static LearnedFigure Of<TSetting, TFitted>(IReadOnlyList<(string Name, TSetting Setting)> settings, Func<TSetting, TFitted> fit, Func<TFitted, double> reached, Func<TSetting, TFitted, double> judge)
    {
        (TSetting Setting, TFitted Fitted, string Name, double Reached)[] tried = [.. settings.Select(one => (one.Setting, Fitted: fit(one.Setting), one.Name)).Select(one => (one.Setting, one.Fitted, one.Name, reached(one.Fitted)))];
        (TSetting setting, TFitted fitted, string name, _) = tried.MaxBy(one => one.Reached);
        return new(judge(setting, fitted), name, [.. tried.Select(one => (one.Name, one.Reached))]);
    }
}
