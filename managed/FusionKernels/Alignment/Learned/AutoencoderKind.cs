namespace FusionKernels;

/// <summary>What a fitted autoencoder must know beside its networks.</summary>
/// <param name="Mode">How codes are made.</param>
/// <param name="Source">The view whose code rebuilds all, where one does.</param>
/// <param name="Activation">Between layers.</param>
/// <param name="HasShortcuts">Whether linear maps stand beside the layers.</param>
internal sealed record AutoencoderKind(AutoencoderMode Mode, int Source, Activation Activation, bool HasShortcuts);
