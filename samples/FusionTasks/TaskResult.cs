namespace FusionTasks;

/// <summary>What a task came to.</summary>
/// <param name="Data">The data and the protocol.</param>
/// <param name="Figures">What was reached, singles and majority beside it.</param>
/// <param name="Wanted">What is asked of it.</param>
/// <param name="IsMet">Whether it was reached.</param>
internal sealed record TaskResult(string Data, string Figures, string Wanted, bool IsMet);
